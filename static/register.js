"use strict";
// The register form by keyboard: a category is found by name or number, Enter goes to the next field, Ctrl+Enter
// registers, and a form that was sent is not sent twice. Without this script it is a plain form.
(() => {
  const form = document.getElementById("register");
  const select = document.getElementById("id_category");
  const words = document.getElementById("category-words").content;
  const text = (name) => words.querySelector(`[data-${name}]`).textContent;

  // ---- category: a combobox over the list
  const options = [...select.options].filter((option) => option.value).map((option) => ({
    value: option.value, name: option.text, number: option.dataset.number ?? "",
  }));
  const box = document.createElement("div");
  box.className = "combo";
  const input = document.createElement("input");
  Object.assign(input, { id: "category-search", className: "form-control", type: "text", autocomplete: "off", placeholder: text("hint") });
  const list = document.createElement("ul");
  Object.assign(list, { id: "category-list", className: "combo-list", hidden: true });
  list.setAttribute("role", "listbox");
  const label = document.querySelector(`label[for="${select.id}"]`);
  label.htmlFor = input.id;
  label.id = "category-label";
  list.setAttribute("aria-labelledby", label.id);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-required": "true",
  })) input.setAttribute(name, value);
  const described = select.getAttribute("aria-describedby");
  if (described) input.setAttribute("aria-describedby", described);
  if (select.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  select.before(box);
  box.append(input, list);
  select.hidden = true;
  select.required = false; // hidden, it could not say what is missing; the input can
  input.required = true;

  let shown = [];
  let active = -1;

  const rank = (option, typed) => {
    if (option.number === typed) return 0;
    if (option.number.startsWith(typed)) return 1;
    const at = option.name.toLowerCase().indexOf(typed);
    if (at >= 0) return 2 + Math.min(at, 50);
    return [...typed].every((sign) => option.name.toLowerCase().includes(sign)) && !/^[\d.]+$/.test(typed) ? 60 : -1;
  };

  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  const draw = () => {
    const typed = input.value.trim().toLowerCase();
    const chosen = options.find((option) => option.value === select.value);
    const all = !typed || chosen?.name === input.value;
    shown = all ? options : options
      .map((option) => ({ option, at: rank(option, typed) }))
      .filter((found) => found.at >= 0)
      .sort((one, other) => one.at - other.at)
      .map((found) => found.option);
    list.replaceChildren(...shown.map((option, at) => {
      const item = document.createElement("li");
      item.id = `category-${at}`;
      item.setAttribute("role", "option");
      const number = document.createElement("small");
      number.textContent = option.number;
      item.append(option.name, " ", number);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      return item;
    }));
    if (!shown.length) {
      const none = document.createElement("li");
      none.className = "combo-none";
      none.textContent = text("none");
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(shown.length && !all ? 0 : -1);
  };

  const choose = (option) => {
    input.value = option?.name ?? "";
    input.setCustomValidity("");
    close();
    if (select.value === (option?.value ?? "")) return;
    select.value = option?.value ?? "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };

  input.addEventListener("input", (event) => { if (!event.isComposing) draw(); });
  input.addEventListener("compositionend", draw);
  input.addEventListener("click", () => (list.hidden ? draw() : close()));
  input.addEventListener("blur", () => {
    // What is written decides, never what is only marked.
    const typed = input.value.trim();
    const exact = options.find((option) => option.name === typed || option.number === typed);
    const chosen = options.find((option) => option.value === select.value);
    close();
    if (exact) choose(exact);
    else if (!typed) choose(null);
    else if (chosen?.name !== typed) input.setCustomValidity(text("none"));
  });
  input.addEventListener("change", (event) => event.stopPropagation()); // the list's own change asks for advice
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) draw();
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length) mark((active + by + shown.length) % shown.length);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "Enter" || event.key === "Tab") && !list.hidden && active >= 0 && !event.ctrlKey) {
      choose(shown[active]);
    }
  });

  const before = options.find((option) => option.value === select.value);
  if (before) input.value = before.name;

  // ---- Enter and Ctrl+Enter
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (document.activeElement === input) input.blur();
      form.requestSubmit();
      return;
    }
    if (!event.target.matches("input, select")) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button[type=submit]")]
      .filter((field) => field.offsetParent !== null);
    fields[fields.indexOf(event.target) + 1]?.focus();
  });

  // ---- once
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.querySelector("[type=submit]").setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => { sent = false; form.querySelector("[type=submit]").removeAttribute("aria-busy"); });
})();
