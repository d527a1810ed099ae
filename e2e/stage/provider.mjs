// A sign-in provider as a practice has one elsewhere: a certified implementation of the standard on a port of
// this machine, with a sign-in form of its own.

import { createServer } from "node:http";
import Provider from "oidc-provider";

const CLIENT = { id: "alcove", secret: "a secret: 1/2 of it" };

/** `amr` is what its sign-in form proves; it can be changed while it runs. */
export async function openProvider(practiceOrigin) {
  const server = createServer();
  await new Promise((done) => server.listen(0, "localhost", done));
  const issuer = `http://localhost:${server.address().port}`;
  const state = { amr: ["pwd", "otp", "mfa"] };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${practiceOrigin}/sign-in/provider/back`],
      },
    ],
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@harbor.example`, email_verified: true }),
    }),
    claims: { openid: ["sub", "amr", "acr"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["a key of this test"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/ask/${uid}` },
    pkce: { required: () => true },
    // The practice is the provider's own client: nobody is asked whether it may know the address.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope("openid email");
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/ask/")) return callback(request, response);
    try {
      await provider.interactionDetails(request, response);
      if (request.method !== "POST") {
        response.setHeader("content-type", "text/html");
        return response.end(FORM);
      }
      let body = "";
      for await (const piece of request) body += piece;
      const typed = new URLSearchParams(body);
      const result = typed.has("no")
        ? { error: "access_denied" }
        : { login: { accountId: typed.get("name"), amr: state.amr } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
  return {
    issuer,
    state,
    /** For `alcove.toml`. */
    section: `
[sign_in]
issuer = "${issuer}"
client_id = "${CLIENT.id}"
secret_file = "provider.secret"
name = "Harbor account"
run_by = "practice"
`,
    secret: CLIENT.secret,
    close: () => server.close(),
  };
}

const FORM = `<!doctype html><html lang="en"><title>Harbor</title><h1>Harbor account</h1><form method="post">
<label>Name <input name="name"></label><label>Password <input name="password" type="password"></label>
<button>Sign in</button><button name="no" value="1">Stop</button></form></html>`;
