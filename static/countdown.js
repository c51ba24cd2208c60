"use strict";
// Rewrites every countdown once a second. It judges nothing: the server says what runs and what is due; this only
// tells the time that is left, by the server's clock.
(() => {
  const words = document.body.dataset;
  let skew = 0;

  const readClock = () => {
    const stamps = document.querySelectorAll("[data-now]");
    const latest = stamps[stamps.length - 1];
    if (latest) skew = Date.parse(latest.dataset.now) - Date.now();
  };

  const fill = (text, values) => text.replace(/\{(\w)\}/g, (_, name) => values[name]);

  const length = (ms, clock) => {
    const s = Math.floor(ms / 1000);
    const d = Math.floor(s / 86400), h = Math.floor(s / 3600) % 24, m = Math.floor(s / 60) % 60;
    if (d) return fill(words.textDays, { d, h });
    if (h) return fill(words.textHours, { h, m });
    const two = (number) => String(number).padStart(2, "0");
    if (clock) return `${two(m)}:${two(s % 60)}`;
    return m ? fill(words.textMinutes, { m }) : words.textMoment;
  };

  const tick = () => {
    const now = Date.now() + skew;
    for (const element of document.querySelectorAll("[data-due]")) {
      const left = Date.parse(element.dataset.due) - now;
      const soon = left <= Number(element.dataset.soon) * 1000 ? "soon" : "running";
      const excused = element.dataset.judged && Date.parse(element.dataset.judged) >= now;
      const state = left >= 0 ? soon : excused ? "fault" : "late";
      const time = left < 0 ? length(-left, false) : length(left, true);
      const text = fill({ late: words.textLate, fault: words.textFault }[state] ?? words.textLeft, { t: time });
      if (element.textContent !== text) element.textContent = text;
      if (element.dataset.state !== state) {
        element.dataset.state = state;
        const row = element.closest("[data-row]");
        if (row) row.dataset.row = state;
      }
    }
  };

  readClock();
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", () => { readClock(); tick(); });
})();
