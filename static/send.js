"use strict";
// Sends forms marked data-send by fetch, for phones with a bad signal: what is typed is never lost, what was not sent
// says so and can be sent again, and the same form sent twice counts once. The server decides and dates everything.
// data-send="stay" keeps the page (a list takes the answer), "go" follows to where the answer leads.
(() => {
  const words = document.body.dataset;
  const PATIENCE = 20000;
  const REST = 700; // after an answer the next button must not catch a second tap meant for the first
  const pending = new Map(); // by address: the key it is sent under, and what is known of it
  let restUntil = 0;

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  const stateOf = (form) => {
    const owner = form.closest("[data-send-owner]") ?? form;
    let line = owner.querySelector("[data-send-state]");
    if (!line) {
      line = document.createElement("p");
      line.dataset.sendState = "";
      line.setAttribute("role", "alert");
      form.append(line);
    }
    return line;
  };

  const show = (form, kind, text) => {
    const line = stateOf(form);
    line.className = kind ? `send-state send-${kind}` : "";
    if (line.textContent !== text) line.textContent = text;
    const button = form.querySelector("[type=submit]");
    if (!button) return;
    button.setAttribute("aria-busy", String(kind === "sending"));
    button.dataset.label ??= button.querySelector("span")?.textContent ?? "";
    const label = button.querySelector("span");
    if (label && button.dataset.label) label.textContent = kind === "unsent" ? words.textAgain : button.dataset.label;
  };

  const clearFields = (form) => {
    form.querySelectorAll("[data-send-error]").forEach((note) => note.remove());
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  };

  const blame = (form, fields) => {
    for (const [name, errors] of Object.entries(fields)) {
      const field = form.elements[name]?.length && !form.elements[name].tagName ? form.elements[name][0] : form.elements[name];
      if (!field) continue;
      const note = document.createElement("div");
      note.className = "invalid-feedback d-block";
      note.dataset.sendError = "";
      note.id = `${field.id || name}-refused`;
      note.textContent = errors.join(" ");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", note.id);
      (field.closest("fieldset, .mb-2") ?? field.parentElement).append(note);
    }
    form.querySelector("[aria-invalid]")?.focus();
  };

  const post = async (form, body, key) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: { "X-Send": form.dataset.send, "Idempotency-Key": key, Accept: "application/json" },
        signal: stop.signal,
      });
      const isOurs = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
      if (isOurs) return { status: answer.status, ...(await answer.json()) };
      return { status: answer.redirected || answer.status === 403 ? 401 : 500 };
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(timer);
    }
  };

  const send = async (form, submitter) => {
    const address = form.getAttribute("action");
    const known = pending.get(address);
    if (known?.sending || Date.now() < restUntil) return;
    const body = new FormData(form, submitter);
    const key = known?.key ?? newKey();
    pending.set(address, { key, sending: true });
    clearFields(form);
    show(form, "sending", words.textSending);
    const answer = await post(form, body, key);
    restUntil = Date.now() + REST;
    const here = form.isConnected ? form : document.querySelector(`form[data-send][action="${CSS.escape(address)}"]`);
    if (answer.status >= 200 && answer.status < 300) {
      pending.delete(address);
      if (here) show(here, "", "");
      if (form.dataset.send === "go" && answer.next) {
        location.assign(answer.next);
        return;
      }
      document.dispatchEvent(new CustomEvent("sent", { detail: { form, message: answer.message } }));
      return;
    }
    const refused = answer.status >= 400 && answer.status < 500 && answer.status !== 401;
    const text = refused ? answer.message : answer.status === 401 ? words.textSignedOut : answer.status ? words.textBroken : words.textUnsent;
    // A refusal left no trace: what is sent next is another form. What got no answer may have arrived: same key.
    if (refused) pending.delete(address);
    else pending.set(address, { key, sending: false, text });
    if (!here) return;
    show(here, refused ? "refused" : "unsent", text);
    if (refused) blame(here, answer.fields ?? {});
    if (refused) document.dispatchEvent(new CustomEvent("refused", { detail: { form, status: answer.status } }));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-send]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter?.name ? event.submitter : null);
  });

  // A list that has refreshed itself shows again what is still unsent.
  document.addEventListener("htmx:afterSettle", () => {
    for (const form of document.querySelectorAll("form[data-send=stay]")) {
      const known = pending.get(form.getAttribute("action"));
      if (known) show(form, known.sending ? "sending" : "unsent", known.sending ? words.textSending : known.text);
    }
  });
})();
