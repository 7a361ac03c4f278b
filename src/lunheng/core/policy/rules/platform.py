"""平台规则: the platform's own technical limits."""

from collections.abc import Sequence

from pydantic import Field

from lunheng.core.policy.rules.base import Rule, Silence, Timed
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"platform": "平台规则"}


class NoPack(Rule):
    """没有政策包的地区: nothing can be judged there."""

    key = "platform.coverage"
    heading = "没有政策包的地区"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, division: str) -> Verdict:
        """No pack covers the place: nothing can be judged there."""
        return ground.no(
            "平台没有适用于该地区的政策包", "请平台管理员先载入当地规则的政策包", f"行政区划 {division}"
        )


class Files(Rule):
    """文件: lawful types and sizes in bytes."""

    key = "platform.files"
    heading = "文件类型和大小"
    silence = Silence.FLOOR
    words = {"types": "文件类型", "maximum_bytes": "最大字节数", "minimum_bytes": "最小字节数"}

    types: tuple[str, ...] = Field(min_length=1)
    maximum_bytes: int = Field(gt=0)
    minimum_bytes: int = Field(gt=0)

    def judge(self, ground: Ground, /, *, kind: str, size: int) -> Verdict:
        """`kind` is the file's type as an extension, `size` in bytes."""
        if kind.lower() not in self.types:
            return ground.no(f"不接受 {kind} 类型的文件", f"请上传：{'、'.join(self.types)}", kind)
        if size < self.minimum_bytes:
            return ground.no("文件是空的", "请核对后重新上传", f"{size} 字节")
        if size > self.maximum_bytes:
            limit = self.maximum_bytes // 1_048_576
            return ground.no(f"文件超过 {limit} MB 上限", "压缩或拆分后上传", f"{size} 字节")
        return ground.yes("文件符合要求", f"{size} 字节")


class OneVote(Rule):
    """一人一票."""

    key = "platform.vote"
    heading = "一人一票"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, voted: bool) -> Verdict:
        """One vote each."""
        if voted:
            return ground.no("每人只能投一票，你已经投过票", "等待其他成员投票", "已投票")
        return ground.yes("可以投票")


class Order(Rule):
    """办理次序: which acts a state allows."""

    key = "platform.order"
    heading = "办理次序"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, state: str, act: str, lawful: Sequence[str]) -> Verdict:
        """`state` and `act` as people read them; `lawful` acts of this state."""
        if act in lawful:
            return ground.yes(f"当前状态可以办理“{act}”", state)
        next_step = f"当前可以办理：{'、'.join(lawful)}" if lawful else "本事项已经办结"
        return ground.no(f"当前状态（{state}）不能办理“{act}”", next_step, state)


class DrawWindow(Timed):
    """先承诺、后揭示: a draw is promised before it is revealed."""

    key = "platform.draw_window"
    heading = "先承诺、后揭示"
    silence = Silence.FLOOR

    def judge(
        self, ground: Ground, /, *, promised: bool, waits: str, withheld: int, explained: bool
    ) -> Verdict:
        """Before a draw is committed: the applicant `promised` a share, no other draw `waits` (its commit), and after draws
        that were `withheld` it is `explained` why there is another."""
        if waits:
            message = "本申请已有一次抽取作出承诺，正在等待揭示"
            return ground.no(message, "先揭示；逾时未揭示的自动作废并公开", waits)
        if not promised:
            message = "抽取须由申请人的浏览器先承诺一个随机数（64位小写十六进制）"
            return ground.no(message, "请启用浏览器脚本后在本页抽取", "未提供")
        if withheld and not explained:
            message = f"本申请已有{withheld}次抽取未揭示而作废，再次抽取须写明理由，次数和理由一并公开"
            return ground.no(message, "填写再次抽取的理由", f"作废{withheld}次")
        return ground.yes("可以抽取")


class Overlap(Rule):
    """同一时段: two reviews that begin less than so many hours `apart` overlap."""

    key = "platform.overlap"
    heading = "同一时段只参加一次论证"
    silence = Silence.FLOOR
    words = {"apart": "相隔小时数"}

    apart: int = Field(ge=1)

    def judge(self, ground: Ground, /, *, elsewhere: Sequence[str]) -> Verdict:
        """`elsewhere` are the expert's other reviews that begin at the same time, in words."""
        if elsewhere:
            message = f"专家在前后{self.apart}小时内已参加其他论证"
            return ground.no(message, "另选其他专家或调整论证时间", "；".join(elsewhere))
        return ground.yes("同一时段没有其他论证")


class Access(Rule):
    """查看: files that no city's rule speaks of."""

    key = "platform.access"
    heading = "查看和送达"
    silence = Silence.REFUSE

    def judge(self, ground: Ground, /, *, concerned: bool) -> Verdict:
        """Whether the one who asks has to do with the file."""
        if not concerned:
            return ground.no("您与这份档案无关，不能查看", "请使用与本案有关的身份登录", "无关")
        return ground.yes("与本档案有关")


class Clock(Rule):
    """存证时刻: how far the server's clock may be off."""

    key = "platform.clock"
    heading = "存证时刻"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, deviation: str, within: bool) -> Verdict:
        """Whether the server's clock lies between those of the last checkpoint and of the witnesses."""
        if not within:
            return ground.no("服务器时钟超出存证允许的范围", "请运维人员校准服务器时钟", deviation)
        return ground.yes("服务器时钟在存证允许的范围内")


class Unsaid(Rule):
    """没有规定的事项: what follows where no layer of a pack speaks, by what the silence of the rule means."""

    key = "platform.silence"
    heading = "规则没有规定的事项"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, matter: str, silence: str, searched: Sequence[str]) -> Verdict:
        """`matter` as people read it; `silence` of its rule (free, person, refuse, floor); `searched` layers by title."""
        layers = "".join(f"《{title}》" for title in searched)
        message = f"{layers}都没有规定“{matter}”"
        if silence == Silence.FREE:
            return ground.yes(f"{message}，没有这项义务")
        if silence == Silence.PERSON:
            return ground.ask(f"{message}，须由人决定", "由有权的人员写明理由后决定", "未作规定")
        remedy = f"请主管部门在当地规则中写明“{matter}”，由平台管理员载入后再办理"
        return ground.no(f"{message}，在规则写明之前不得办理", remedy, "未作规定")
