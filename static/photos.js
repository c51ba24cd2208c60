"use strict";
// Sends the chosen photos and says how far it is. What was chosen stays chosen until the server has it: on a bad line
// the same button tries again, and the server knows a photo it has. Without this script the form is a plain post.
(() => {
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const equip = (form) => {
    if (form.dataset.equipped) return;
    form.dataset.equipped = "yes";
    const words = form.dataset;
    const status = form.querySelector("[role=status]");
    const progress = form.querySelector("progress");
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const send = form.querySelector("[type=submit]");
    const clear = form.querySelector("[type=reset]");
    const label = send.querySelector("span");
    let chosen = [];

    const say = (text, state = "") => { status.textContent = text; status.dataset.state = state; };

    const fault = () => {
      if (chosen.length > Number(words.maxFiles)) return words.textMany;
      const large = chosen.find((file) => file.size > Number(words.maxBytes));
      return large ? fill(words.textLarge, { file: large.name }) : "";
    };

    const tell = () => {
      clear.hidden = !chosen.length;
      const names = chosen.map((file) => file.name).join(", ");
      const wrong = fault();
      if (wrong) say(wrong, "failed");
      else say(chosen.length ? `${fill(words.textChosen, { n: chosen.length })} · ${names}` : "");
    };

    // A camera hands over one photo at a time: each is added to those before.
    for (const input of inputs) {
      input.addEventListener("change", () => {
        const same = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
        for (const file of input.files) if (!chosen.some((other) => same(other, file))) chosen.push(file);
        input.value = "";
        tell();
      });
    }
    form.addEventListener("reset", () => { chosen = []; tell(); });

    const failed = (text) => {
      progress.hidden = true;
      send.disabled = clear.disabled = false;
      label.textContent = words.textRetry;
      say(text, "failed");
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (send.disabled) return;
      const wrong = chosen.length ? fault() : words.textNone;
      if (wrong) return say(wrong, "failed");
      const body = new FormData(form);
      body.delete("photos");
      for (const file of chosen) body.append("photos", file, file.name);
      const call = new XMLHttpRequest(); // fetch tells nothing of what has been sent
      call.open("POST", form.action);
      call.setRequestHeader("Accept", "application/json");
      call.responseType = "json";
      call.upload.addEventListener("progress", (sent) => {
        if (!sent.lengthComputable) return;
        const share = Math.floor((sent.loaded / sent.total) * 100);
        progress.value = share;
        say(share < 100 ? fill(words.textSending, { n: share }) : words.textChecking);
      });
      call.addEventListener("load", () => {
        const answer = call.response || {};
        if (call.status === 200 && answer.next) location.assign(answer.next);
        else failed(answer.detail || words.textRefused);
      });
      for (const name of ["error", "timeout", "abort"]) call.addEventListener(name, () => failed(words.textOffline));
      progress.value = 0;
      progress.hidden = false;
      send.disabled = clear.disabled = true;
      say(fill(words.textSending, { n: 0 }));
      call.send(body);
    });
  };

  for (const form of document.querySelectorAll("form[data-photos]")) equip(form);
})();
