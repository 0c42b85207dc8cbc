"""A strict local WeChat: its own process, as particular about every call as the real one, with everything in memory.

    python -m backend.wechat.simulator --port N [--host 127.0.0.1] [--apps FILE] [--clock-file FILE]

Under `/cgi-bin`, `/sns`, `/wxa` and `/wxaapi` stand WeChat's own addresses. `/phones/{app}` shows simulated phones to
people. Each app is a world of its own. Everything below is for tests and for the supervisor: JSON, from this machine
only; a refusal is `{"error": text}` with 400 or 404.

Apps
  POST   /_admin/apps  {app_id?, secret?, push_token?, aes_key?, original_id?, callback_url?, mode?: plain|compat|safe,
         format?: json|xml, portal_url?, templates?: [{key, title, fields: {thing1: "名称"}, type: 2|3,
         enums?: {enum_string2: ["…"]}}], options?: {…}}
         -> {app_id, secret, push_token, aes_key, original_id, templates: {key: id}}
  PATCH  /_admin/apps/{app}  any of callback_url, mode, format, portal_url, options (the fields of `state.Options`)
  DELETE /_admin/apps/{app}
  POST   /_admin/apps/{app}/tokens/expire      every token now out is expired (42001); {"dead": true}: dead (40001)

People (made when first named)
  POST   /_admin/apps/{app}/people/{name}/login             -> {js_code}
  POST   /_admin/apps/{app}/people/{name}/phone  {phone?}   -> {code}
  POST   /_admin/apps/{app}/people/{name}/visit             opens the mini program without signing in
  POST   /_admin/apps/{app}/people/{name}/block  {blocked}  40226 at sign-in
  POST   /_admin/apps/{app}/people/{name}/subscriptions  {results: {template_id: accept|reject}}
  POST   /_admin/apps/{app}/people/{name}/withdraw  {templates: [id]}   refuses in the settings of WeChat
  GET    /_admin/apps/{app}/people/{name}?messages=N&seconds=S
         -> {openid, credits: {template_id: n}, long_term: [template_id], messages: [{id, template_id, title, data, page,
         at}]}; waits until there are N messages, at most S seconds (30)

What goes wrong
  POST   /_admin/apps/{app}/faults  {path, errcode? | status? | kind?: timeout_before|timeout_after|reset|slow|garbage|
         html, times?: 1 (0: until taken back), seconds?, after?: the effect takes place first}   path "*": any
  DELETE /_admin/apps/{app}/faults
  POST   /_admin/apps/{app}/quotas  {path, minute?, day?}

What happened
  GET    /_admin/apps/{app}/requests?path=  -> [{path, method, query, body, at, status, answer}], secrets taken out
  DELETE /_admin/apps/{app}/requests
  GET    /_admin/apps/{app}/pushes?done=N&seconds=S  -> [{id, event, query, content_type, body, attempts: [{status,
         answer}], is_done}]; waits like people do

Pushes
  POST   /_admin/apps/{app}/push  {event, person? | openid?, list?, fields?, times?: 1, bad_signature?, at?: ISO time,
         spaced_keys?, send?: true}  or  {replay: push id}   -> the push with its attempts, sent before this answers
  POST   /_admin/apps/{app}/verify   asks the callback by GET, as the console does -> {is_verified, status, answer}

  POST   /_admin/clock  {now: ISO time, stands still} | {offset_seconds, goes on}   -> {now}
"""
