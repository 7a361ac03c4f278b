// A certified OpenID Connect provider with made-up identities, for the tests of log-in.
// Usage: node oidc_provider.mjs <port> <identities as JSON> ; prints "ready" when it listens.
import Provider from "oidc-provider";

const [port, identities] = [Number(process.argv[2]), JSON.parse(process.argv[3])];
const issuer = `http://127.0.0.1:${port}`;
const CALLBACK = /^http:\/\/(testserver|localhost|127\.0\.0\.1)(:\d+)?\/login\/identity\/[a-z-]+\/callback\/$/;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "lunheng",
      client_secret: "only-for-tests",
      redirect_uris: ["http://testserver/login/identity/qingdao/callback/"],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  pkce: { required: () => true },
  cookies: { keys: ["only-for-tests"] },
  scopes: ["openid", "profile", "identity"],
  claims: {
    openid: ["sub"],
    profile: ["name"],
    identity: ["identity_type", "identity_number", "uscc", "real_name_verified"],
  },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) =>
    identities[id] && { accountId: id, claims: () => ({ sub: id, ...identities[id] }) },
});
// A live server of the tests has another port each time.
provider.Client.prototype.redirectUriAllowed = (uri) => CALLBACK.test(uri);
provider.listen(port, "127.0.0.1", () => console.log("ready"));
