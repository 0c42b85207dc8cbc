// A mini program's back end as somebody else wrote it: node-easywechat against the simulated WeChat.
// Reads what it is to do as JSON from standard input, prints what it found as one JSON object.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const given = JSON.parse(await new Promise((resolve) => {
  let text = "";
  process.stdin.on("data", (piece) => { text += piece; }).on("end", () => resolve(text));
}));
const library = createRequire(join(given.modules, "package.json"))("node-easywechat");

class Cache {
  constructor() { this.kept = new Map(); }
  async get(key) { return this.kept.get(key) ?? null; }
  async has(key) { return this.kept.has(key); }
  async set(key, value) { this.kept.set(key, value); return true; }
  async delete(key) { return this.kept.delete(key); }
}

const cache = new Cache();
function application(stable = true) {
  const app = new library.MiniApp({
    app_id: given.app_id,
    secret: given.secret,
    token: given.push_token,
    aes_key: given.aes_key,
    use_stable_access_token: stable,
    http: { baseURL: `${given.url}/`, throw: false, timeout: 10000 },
  });
  app.setCache(cache);
  return app;
}

const found = {};
const app = application();
const session = await app.getUtils().codeToSession(given.js_code);
found.openid = session.openid;
found.codeAgain = await app.getUtils().codeToSession(given.js_code).then(() => "taken", (error) => error.message);

found.stable = (await app.getAccessToken().getToken()).length;
found.plain = (await application(false).getAccessToken().getToken()).length;

const client = app.getClient();
const post = async (path, json) => (await client.post(path, { json })).toObject();
const message = { touser: session.openid, template_id: given.template_id, page: given.page, data: given.data };
found.sent = await post("cgi-bin/message/subscribe/send", message);
found.sentAgain = await post("cgi-bin/message/subscribe/send", message);
found.tooLong = await post("cgi-bin/message/subscribe/send", { ...message, data: given.too_long });
found.phone = await post("wxa/business/getuserphonenumber", { code: given.phone_code });
found.text = await post("wxa/msg_sec_check", {
  content: "违禁词样例", version: 2, scene: 2, openid: session.openid,
});
const templates = await client.get("wxaapi/newtmpl/gettemplate");
found.templates = templates.toObject().data.map((template) => template.priTmplId);
const image = await client.post("wxa/getwxacodeunlimit", {
  json: { scene: "ABC123", page: "pages/sign/index" }, responseType: "arraybuffer",
});
found.image = { type: image.getHeader("content-type"), is: image.is("image"), start: [...image.getContent().subarray(0, 3)] };

// The other way round: what WeChat pushes, opened by the library. Its server reads XML; JSON goes to its encryptor.
found.pushed = [];
async function receive(request) {
  const receiver = application();
  const asked = await library.ServerRequest.createFromIncomingMessage(request);
  const query = asked.getQueryParams();
  if (request.headers["content-type"] === "application/json") {
    const { Encrypt } = JSON.parse(String(asked.getBody()));
    const event = JSON.parse(receiver.getEncryptor().decrypt(Encrypt, query.msg_signature, query.nonce, query.timestamp));
    found.pushed.push([event.Event, event.FromUserName]);
    return "success";
  }
  receiver.setRequest(asked);
  const server = receiver.getServer();
  server.with(async (event, next) => {
    found.pushed.push([event.Event, event.FromUserName]);
    return next(event);
  });
  return String((await server.serve()).getBody());
}
const callback = createServer((request, response) => {
  receive(request).then((answer) => response.end(answer), (error) => {
    found.pushed.push(error.message);
    response.writeHead(403).end();
  });
});
await new Promise((resolve) => callback.listen(0, "127.0.0.1", resolve));
const admin = (method, path, body) => fetch(`${given.url}/_admin/apps/${given.app_id}${path}`, {
  method, body: JSON.stringify(body),
}).then((answer) => answer.json());
const callback_url = `http://127.0.0.1:${callback.address().port}/`;
const event = { event: "user_info_modified", person: given.name, fields: { OpenID: "x" } };
found.answers = [];
for (const format of ["json", "xml"]) {
  await admin("PATCH", "", { callback_url, format });
  const push = await admin("POST", "/push", event);
  found.answers.push(push.attempts.map((attempt) => [attempt.status, attempt.answer]));
}
await admin("POST", "/push", { ...event, bad_signature: true });
found.verified = (await admin("POST", "/verify", {})).is_verified;
callback.close();
callback.closeAllConnections();
console.log(JSON.stringify(found));
