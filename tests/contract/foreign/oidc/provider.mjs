// A provider of electronic business licences that is not ours: npm's oidc-provider, with three holders and keys that can be changed.
// Arguments: port, redirect URI. Who logs in is named by the login form's field; the password is not looked at.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const [port, redirect, back] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

const HOLDERS = {
  zhang: { uscc: "91420100000000001X", org_name: "第一建筑工程有限公司", name: "张伟" },
};
for (const given of (process.env.HOLDERS ?? "").split(";").filter(Boolean)) {
  const [sub, uscc, org_name, name] = given.split(",");
  HOLDERS[sub] = { uscc, org_name, name };
}
const key = (alg) => {
  const { privateKey } = alg === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg, use: "sig" };
};

function make() {
  const made = new Provider(issuer, {
    clients: [{ client_id: "gongheng", client_secret: "a secret of the two", redirect_uris: [redirect], post_logout_redirect_uris: [back], response_types: ["code"], grant_types: ["authorization_code"], id_token_signed_response_alg: "ES256" }],
    jwks: { keys: [key("ES256"), key("RS256")] },
    claims: { openid: ["sub"], licence: ["uscc", "org_name", "name"] },
    scopes: ["openid", "licence"],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_ctx, sub) => (HOLDERS[sub] ? { accountId: sub, claims: () => ({ sub, ...HOLDERS[sub] }) } : undefined),
    cookies: { keys: ["only for tests"] },
  });
  return made.callback();
}

let answer = make();
createServer((request, response) => {
  if (request.url === "/test/rotate") { answer = make(); response.end("rotated"); return; }
  answer(request, response);
}).listen(Number(port), "127.0.0.1", () => console.log(JSON.stringify({ url: issuer })));
