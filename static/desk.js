"use strict";
// The desk by keyboard, and its panel: the form of a verb beside the list. All it does can be done by mouse and without
// this script as well: every button of a row is a link to the same form on a page of its own.
(() => {
  const drawer = document.getElementById("drawer");
  const panel = document.getElementById("panel");
  const keys = document.getElementById("keys");
  const switchOn = document.getElementById("keys-on");
  const OFF = "desk-keys-off";
  let place = null; // the row that was worked on: its link, and how far down it stood

  const queue = () => document.getElementById("queue");
  const links = () => [...queue().querySelectorAll(".q-number a")];
  const current = () => document.activeElement?.closest("#queue tr") ?? null;

  const remember = (row) => {
    const link = row?.querySelector(".q-number a");
    if (link) place = { id: link.id, index: links().indexOf(link) };
  };

  const comeBack = () => {
    if (!place || drawer.open || keys.open) return;
    const all = links();
    (document.getElementById(place.id) ?? all[Math.min(place.index, all.length - 1)])?.focus();
  };

  const step = (by) => {
    const all = links();
    if (!all.length) return;
    const row = current();
    const at = row ? all.indexOf(row.querySelector(".q-number a")) : place ? place.index - by : -1;
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    next.focus();
    next.closest("tr").scrollIntoView({ block: "nearest" });
    remember(next.closest("tr"));
  };

  const focusFirst = () => {
    const wrong = panel.querySelector("[aria-invalid=true], [role=alert]");
    const form = panel.querySelector(".panel-first form");
    const empty = form?.querySelector("select[required], input[type=radio], textarea[required]");
    // Where nothing has to be filled in, one more Enter sends.
    const first = empty && !empty.value ? empty : empty?.type === "radio" ? empty : form?.querySelector("[type=submit]");
    const wanted = wrong?.matches("[role=alert]") ? form?.querySelector("textarea, select, input:not([type=hidden])") : wrong;
    (wanted ?? first ?? document.getElementById("panel-title"))?.focus();
  };

  const open = (url, row) => {
    remember(row);
    const title = document.getElementById("panel-title");
    if (!drawer.open) {
      panel.replaceChildren(title);
      drawer.showModal();
    }
    title.focus();
    htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML", source: panel });
  };

  const say = (message) => {
    const status = document.querySelector("main [role=status]");
    const line = document.createElement("div");
    line.className = "alert alert-success py-2 mb-2";
    line.textContent = message;
    status.replaceChildren(line);
  };

  const isTyping = (element) => element.matches("input, select, textarea, [contenteditable]");

  const COMMANDS = {
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    d: (row) => row?.dataset.dispatch && open(row.dataset.dispatch, row),
    c: (row) => row?.dataset.check && open(row.dataset.check, row),
    n: () => document.querySelector("[data-register]")?.click(),
    "/": () => document.getElementById("id_q").focus(),
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target)) return;
    const row = current();
    if (event.key === "Enter") {
      // On another link or button of the row Enter means that link.
      if (!event.target.closest(".q-number") || !row?.dataset.court) return;
      event.preventDefault();
      open(row.dataset.court, row);
      return;
    }
    const single = event.key.length === 1;
    if (!COMMANDS[event.key] || (single && !switchOn.checked)) return;
    if (event.key.startsWith("Arrow") && !row) return; // arrows scroll, until somebody is in the list
    event.preventDefault();
    COMMANDS[event.key](row);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-panel]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link.href, link.closest("#queue tr"));
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
    if (event.target.closest("[data-keys]")) keys.showModal();
  });

  drawer.addEventListener("close", () => {
    panel.querySelectorAll("form").forEach((form) => form.remove());
    if (queue()) htmx.trigger(queue(), "refresh");
    comeBack();
  });

  try { switchOn.checked = localStorage.getItem(OFF) === null; } catch { /* no storage: the keys work */ }
  switchOn.addEventListener("change", () => {
    try { switchOn.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* for now only */ }
  });

  document.body.addEventListener("recorded", (event) => say(event.detail.message));
  // A refusal carries the form with what was typed: show it like any other answer.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== panel) return;
    if (event.detail.xhr.status === 204) drawer.close();
    else if (event.detail.xhr.responseText.includes('id="panel-title"')) event.detail.shouldSwap = true;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === panel) focusFirst();
  });
  const failed = (event) => {
    if (event.detail.target !== panel || event.detail.xhr?.responseText?.includes('id="panel-title"')) return;
    const form = panel.querySelector(".panel-first form, form");
    if (form) { // what was typed stays; htmx lets the button go again
      const alert = document.createElement("p");
      alert.className = "alert alert-danger py-2";
      alert.setAttribute("role", "alert");
      alert.textContent = panel.dataset.unsent;
      panel.querySelectorAll("form > .alert-danger").forEach((old) => old.remove());
      form.prepend(alert);
      return;
    }
    panel.replaceChildren(document.getElementById("panel-failed").content.cloneNode(true));
    document.getElementById("panel-title").focus();
  };
  document.body.addEventListener("htmx:sendError", failed);
  document.body.addEventListener("htmx:responseError", failed);

  // The address says what is shown: it can be kept, sent to a colleague, and reloaded.
  document.body.addEventListener("htmx:afterSettle", () => {
    const address = queue()?.dataset.address;
    if (address && address !== location.pathname + location.search) history.replaceState(null, "", address);
    if (document.activeElement === document.body) comeBack();
  });
})();
