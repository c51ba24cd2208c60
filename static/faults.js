"use strict";
// Buttons that fill in the end of a fault, by the server's clock.
(() => {
  const buttons = document.querySelector("[data-until-buttons]");
  const field = document.getElementById("id_until");
  if (!buttons || !field) return;
  const skew = Date.parse(document.querySelector("[data-now]").dataset.now) - Date.now();
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const minutes = Number(event.target.closest("button")?.dataset.minutes);
    if (!minutes) return;
    // The field holds Shanghai wall time, wherever the reader's own clock stands.
    const end = new Date(Date.now() + skew + minutes * 60000 + 8 * 3600000);
    field.value = end.toISOString().slice(0, 16);
  });
})();
