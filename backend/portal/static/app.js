/* Small helps on top of pages that work without any script: no double submit, a character counter, focus on what went
   wrong, a button to copy an address, a button to print, drafts that keep themselves. */
"use strict";

for (const form of document.querySelectorAll("form[method='post']")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
});

for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const limit = Number(area.dataset.limit);
  const counter = document.createElement("p");
  counter.className = "counter";
  counter.setAttribute("aria-live", "polite");
  const show = () => {
    const left = limit - [...area.value.replace(/\r\n/g, "\n")].length;
    counter.textContent = left < 0 ? `多了 ${-left} 个字，请删减后再提交` : left <= 200 ? `还可以写 ${left} 个字` : "";
    counter.classList.toggle("counter--over", left < 0);
  };
  area.addEventListener("input", show);
  area.insertAdjacentElement("afterend", counter);
  show();
}

document.querySelector("[data-focus]")?.focus();

/* What is half-written keeps itself: two seconds after the last key, when the page is left, and before another form of the
   page is sent, so that the page which comes back has it too. */
const unkept = new Map();
document.addEventListener("submit", (event) => {
  const others = [...unkept].filter(([form]) => form !== event.target);
  if (!others.length || event.defaultPrevented) return;
  event.preventDefault();
  const sent = event.target;
  Promise.all(others.map(([, keep]) => keep())).then(() => {
    delete sent.dataset.sent;
    sent.requestSubmit(event.submitter);
  });
});
for (const button of document.querySelectorAll("button[data-draft]")) {
  const form = button.form;
  let timer = 0;
  const words = () => {
    const data = new FormData(form);
    data.set("quietly", "yes");
    return data;
  };
  const told = document.createElement("span");
  told.className = "small";
  told.setAttribute("role", "status");
  button.insertAdjacentElement("afterend", told);
  const keep = async () => {
    clearTimeout(timer);
    unkept.delete(form);
    const answer = await fetch(button.formAction, { method: "POST", body: words() }).catch(() => null);
    told.textContent = answer && answer.status === 204 ? "草稿已存" : "草稿没有存上";
  };
  form.addEventListener("input", () => {
    unkept.set(form, keep);
    told.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(keep, 2000);
  });
  form.addEventListener("submit", () => {
    unkept.delete(form);
    clearTimeout(timer);
  });
  window.addEventListener("pagehide", () => {
    if (unkept.has(form)) navigator.sendBeacon(button.formAction, words());
  });
}

for (const source of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet no-print";
  button.textContent = "复制网址";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = "已复制";
  });
  source.insertAdjacentElement("afterend", button);
}

for (const place of document.querySelectorAll("[data-print]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--main";
  button.textContent = "打印";
  button.addEventListener("click", () => window.print());
  place.prepend(button);
}
