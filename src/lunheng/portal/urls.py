"""Public addresses."""

from django.urls import path

from lunheng.ledger.models import Tree
from lunheng.portal import certificates, draws, ledger, receipts, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("rules/", views.rules, name="rules"),
    path("rules/clause/", views.clause, name="clause"),
    path("rules/<str:digest>/", views.rulebook, name="rulebook"),
    path("register/", views.REGISTER, name="register"),
    path("certificates/", certificates.check, name="certificates"),
    path("verify/", views.verify, name="verify"),
    path("verify/offline.html", views.offline_verifier, name="offline_verifier"),
    path("verify/<str:name>", views.verifier, name="verifier"),
    path("draws/", draws.list_draws, name="draws"),
    path("draws/statistics/", draws.show_statistics, name="draw_statistics"),
    path("draws/<str:reference>/", draws.show_case, name="case_draws"),
    path("draws/<str:reference>/<int:number>/<int:draw>/", draws.show_draw, name="draw"),
    path("draws/<str:reference>/<int:number>/<int:draw>/record.json", draws.download, name="draw_record"),
    path("ledger/", ledger.show_log, name="log"),
    path("ledger/checkpoint", ledger.checkpoint, name="checkpoint"),
    path("ledger/sm3/checkpoint", ledger.checkpoint, {"tree": Tree.SM3}, name="second_checkpoint"),
    path("ledger/sm3/tile/<path:path>", ledger.tile, {"tree": Tree.SM3}, name="second_tile"),
    path("ledger/policy", ledger.policy, name="policy"),
    path("ledger/tile/<path:path>", ledger.tile, name="tile"),
    path("ledger/receipt/<uuid:entry_id>/", receipts.page, name="entry"),
    path("ledger/receipt/<uuid:entry_id>/state", receipts.state, name="receipt_state"),
    path("ledger/receipt/<uuid:entry_id>.tlog-proof", receipts.receipt, name="receipt"),
    path("ledger/receipt/<uuid:entry_id>.svg", receipts.code, name="receipt_code"),
    path("ledger/receipt/<uuid:entry_id>.payload.json", receipts.payload, name="payload"),
    path("ledger/receipt/<uuid:entry_id>.content.json", receipts.content, name="content"),
    path("ledger/receipt/<uuid:entry_id>.salt.txt", receipts.salt, name="salt"),
]
