"use strict";
// My tickets on a phone: the forms of the verbs as sheets over the list, drafts that outlive a reload, and a word when
// the list could not be fetched. Without this script every button leads to the same form on a page of its own.
(() => {
  const cards = () => document.getElementById("cards");
  const offline = document.getElementById("offline");
  const said = document.querySelector("main [role=status]");
  const DRAFT = `draft:${document.body.dataset.user ?? ""}:`;

  const keep = (form) => {
    const typed = {};
    for (const field of form.querySelectorAll("textarea, input:not([type=hidden])")) {
      if (field.value && field.value !== field.dataset.offered) typed[field.name] = field.value;
    }
    try {
      const name = DRAFT + form.getAttribute("action");
      if (Object.keys(typed).length) sessionStorage.setItem(name, JSON.stringify(typed));
      else sessionStorage.removeItem(name);
    } catch { /* no storage: the sheet itself keeps it while the page is open */ }
  };

  const draftOf = (address) => {
    try { return JSON.parse(sessionStorage.getItem(DRAFT + address) ?? "{}"); } catch { return {}; }
  };

  const forget = (address) => {
    try { sessionStorage.removeItem(DRAFT + address); } catch { /* nothing was kept */ }
  };

  const open = (link) => {
    const sheet = document.getElementById(`sheet-${link.dataset.sheet}`);
    const form = sheet.querySelector("form");
    const address = link.getAttribute("href");
    if (form.getAttribute("action") !== address) {
      form.reset();
      form.querySelectorAll("[data-send-error]").forEach((note) => note.remove());
      const line = form.querySelector("[data-send-state]");
      if (line) { line.textContent = ""; line.className = ""; }
      form.setAttribute("action", address);
      const until = form.elements.until;
      if (until && link.dataset.until) until.value = until.dataset.offered = link.dataset.until;
      for (const [name, value] of Object.entries(draftOf(address))) {
        if (form.elements[name]) form.elements[name].value = value;
      }
    }
    sheet.querySelector("[data-sheet-of]").textContent = link.dataset.title;
    sheet.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-sheet]");
    if (link) {
      event.preventDefault();
      open(link);
      return;
    }
    const words = event.target.closest("[data-say]");
    if (words) { // a tap says it and sends it
      const form = words.closest("form");
      form.elements[words.dataset.into].value = words.dataset.say;
      form.requestSubmit();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("dialog form");
    if (form) keep(form);
  });

  document.addEventListener("sent", (event) => {
    const form = event.detail.form;
    forget(form.getAttribute("action"));
    const sheet = form.closest("dialog");
    if (sheet) {
      form.reset();
      form.removeAttribute("action");
      sheet.close();
    }
    const line = document.createElement("div");
    line.className = "alert alert-success py-2 mb-2";
    line.textContent = event.detail.message;
    said.replaceChildren(line);
    htmx.trigger(cards(), "refresh");
  });

  document.addEventListener("refused", () => htmx.trigger(cards(), "refresh"));

  const unreachable = (event) => { if (event.detail.elt === cards()) offline.hidden = false; };
  document.body.addEventListener("htmx:sendError", unreachable);
  document.body.addEventListener("htmx:timeout", unreachable);
  document.body.addEventListener("htmx:beforeOnLoad", () => { offline.hidden = true; });
})();
