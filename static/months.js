"use strict";
// The month review by keyboard: j and k lead on and back, a accepts. Ticking a whole page. All of it can be done by
// mouse and without this script as well, which decides nothing.
(() => {
  const OFF = "desk-keys-off";
  const switchOn = document.querySelector("[data-keys]");
  if (switchOn) {
    switchOn.checked = localStorage.getItem(OFF) === null;
    switchOn.closest("label").hidden = false;
    switchOn.addEventListener("change", () => {
      if (switchOn.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    });
  }

  const lines = [...document.querySelectorAll("[data-line]")];
  const step = (by) => {
    const at = lines.findIndex((line) => line.closest("li").contains(document.activeElement));
    const next = lines[at < 0 ? 0 : Math.min(Math.max(at + by, 0), lines.length - 1)];
    next?.focus();
    next?.closest("li").scrollIntoView({ block: "nearest" });
  };

  const keys = {
    j: () => (lines.length ? step(1) : document.getElementById("next-finding")?.click()),
    k: () => (lines.length ? step(-1) : document.getElementById("previous-finding")?.click()),
    a: () => document.getElementById("accept")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    // A key held down must not accept one finding after another.
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (localStorage.getItem(OFF) !== null || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Sent once, however often the button is pressed.
  for (const form of document.querySelectorAll(".decide, .bulk")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  });

  const all = document.querySelector("[data-tick-all]");
  if (!all) return;
  const ticks = [...document.querySelectorAll("input[name=finding]")];
  // One that lacks its unit is ticked by hand: it can be dismissed with others, but not accepted.
  const alike = ticks.filter((tick) => !("alone" in tick.dataset));
  const whole = document.querySelector("[data-whole]");
  all.closest("label").hidden = alike.length === 0;
  const show = () => {
    const ticked = alike.filter((tick) => tick.checked).length;
    all.checked = alike.length > 0 && ticked === alike.length;
    all.indeterminate = ticked > 0 && ticked < alike.length;
    for (const tick of [...ticks, all]) tick.disabled = whole.checked;
  };
  all.addEventListener("change", () => {
    for (const tick of alike) tick.checked = all.checked;
    show();
  });
  for (const tick of [...ticks, whole]) tick.addEventListener("change", show);
  show();
})();
