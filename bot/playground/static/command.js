// Runs inside the frame before simcord's preview: composing a command, where the preview differs from Discord.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const FIELD = ".command-option-input";
  const LOOKING_MS = 1000;

  // -- the commands as the preview reads them, with what it does not show
  let commands = [];
  const send = window.fetch.bind(window);
  window.fetch = async (address, init) => {
    const answer = await send(address, init);
    if (answer.ok && String(address).startsWith("/api/commands")) commands = (await answer.clone().json()).entries;
    return answer;
  };
  const chip = () => one(".command-chip");
  const options = () => commands.find((each) => `/${each.invocation}` === chip()?.textContent)?.options ?? [];
  const option = (name) => options().find((each) => each.name === name);
  const listOwner = () => one(`${FIELD}[aria-controls="command-suggestion-listbox"]`);
  const values = () => all(FIELD).map((field) => field.value);

  const escape = (control) => control?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));

  /** Put the focus on the command's name, where Enter sends it, with no list open. */
  function rest() {
    chip()?.focus();
    escape(chip());
  }

  // -- a list is asked for as soon as its option has the focus, not only after a letter
  let asked = "";
  let turned = 0;
  addEventListener("focusin", ({ target: field }) => {
    if (!field.matches(FIELD)) return;
    turned = Date.now();
    if (nameOf(field)) field.select();
    if (!option(field.dataset.option)?.autocomplete) return;
    if (nameOf(field)) setTimeout(() => escape(field));
    else ask(field);
  });
  function ask(field) {
    const question = JSON.stringify([chip().textContent, field.dataset.option, values()]);
    if (asked === question) return;
    asked = question;
    const pill = field.closest(".command-pill");
    const error = one(".command-error", pill)?.textContent;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (error) complain(pill, error);
  }

  // -- what was picked is shown by the name that it was picked by, not by its key
  let picked = new Map();
  const nameOf = (field) => {
    const { label, value } = picked.get(field.dataset.option) ?? {};
    return value === field.value && label !== value ? label : "";
  };
  addEventListener("click", ({ target }) => {
    const item = target instanceof Element ? target.closest(".command-suggestion") : null;
    if (!item) return;
    const name = listOwner()?.dataset.option;
    if (name) picked.set(name, { value: item.dataset.value, label: one(".command-suggestion-label", item).textContent });
    // The preview leaves the focus where the value now stands: the list would open again, or Enter take the value away.
    setTimeout(() => {
      const field = document.activeElement;
      if (field?.matches(".command-mention") || (field?.matches(FIELD) && field.value)) rest();
    });
  }, true);
  addEventListener("mousedown", (event) => {
    if (event.target.closest?.(".command-suggestion")) event.preventDefault(); // the option keeps the focus, and no error flashes
  });
  function namePicked(field) {
    const shown = nameOf(field);
    const before = field.previousElementSibling;
    if (before?.matches(".playground-picked") && before.textContent === shown) return;
    if (before?.matches(".playground-picked")) before.remove();
    if (shown) field.before(Object.assign(document.createElement("span"), { className: "playground-picked", textContent: shown }));
  }
  addEventListener("input", ({ target }) => {
    if (!target.matches?.(FIELD)) return;
    turned = Date.now();
    namePicked(target);
  }, true);

  // -- Enter sends a command that needs no more, unless an optional one was chosen with the arrow keys
  const emptied = () => all(".command-pill").find((pill) => {
    const field = one(FIELD, pill);
    return field && !field.value && !option(field.dataset.option)?.required;
  });
  function refuse(event) {
    const pill = emptied();
    if (!pill) return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    one(FIELD, pill).focus();
    complain(pill, "Choose a value, or take the option away with ×.");
    return true;
  }
  function complain(pill, text) {
    pill.classList.add("has-error");
    one(FIELD, pill).setAttribute("aria-invalid", "true");
    const line = one(".command-error", pill) ?? pill.appendChild(Object.assign(document.createElement("span"), { className: "command-error" }));
    if (line.textContent !== text) line.textContent = text;
  }
  let chosen = false;
  addEventListener("keydown", (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) chosen = true;
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented || !(event.target instanceof Element)) return;
    const { target } = event;
    if (target.matches(FIELD)) enter(event, target);
    else if (target.matches(".command-mention") || (target.matches(".command-chip") && !chosen)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      target.closest("form").requestSubmit();
    }
    chosen = false;
  }, true);
  addEventListener("submit", (event) => { if (chip()) refuse(event); }, true);
  addEventListener("click", ({ target }) => { if (target.closest?.(".command-suggestion")) chosen = false; }, true);

  const ENTITIES = ["user", "channel", "role", "mentionable"];
  const active = () => one('.command-popup:not([hidden]) .command-suggestion[aria-selected="true"]');
  function enter(event, field) {
    const offered = listOwner() === field ? active() : null;
    if (!ENTITIES.includes(option(field.dataset.option)?.type) || !field.value) return offered || refuse(event);
    // What fits the letters comes a moment later: until then the list still shows what fitted before.
    const fits = () => `${active()?.textContent} ${active()?.dataset.value}`.toLowerCase().includes(field.value.toLowerCase());
    if (fits()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const end = Date.now() + 1500;
    const look = () => {
      if (!field.isConnected || Date.now() > end) return;
      if (fits()) active().click();
      else setTimeout(look, 30);
    };
    look();
  }

  // -- ✕ leaves nothing behind
  addEventListener("click", ({ target }) => {
    const input = document.getElementById("channel-composer-input");
    if (!input || !(target instanceof Element) || !target.closest(".command-context-close")) return;
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // -- the words around it
  function limits({ type, minLength, maxLength, minValue, maxValue }, value) {
    const [low, high] = type === "string" ? [minLength, maxLength] : [minValue, maxValue];
    const range = low == null ? `at most ${high}` : high == null ? `at least ${low}` : `${low} to ${high}`;
    return type === "string" ? `It may have ${range} characters; this has ${[...value].length}.` : `It may be ${range}.`;
  }
  function wordError(line) {
    const field = one(FIELD, line.closest(".command-pill"));
    const asking = field && option(field.dataset.option);
    if (asking && line.textContent.endsWith("outside the allowed range.")) line.textContent = limits(asking, field.value);
  }
  function wordEmpty(line) {
    const field = listOwner();
    const asking = field && option(field.dataset.option);
    if (line.textContent !== "No options match" || !asking) return;
    const { state, option: about } = window.simcordPreview.commandPicker.autocomplete;
    if (ENTITIES.includes(asking.type) && Date.now() - turned < LOOKING_MS) {
      line.textContent = "Looking…";
      setTimeout(() => { line.textContent = "No options match"; }, LOOKING_MS);
    } else if (!asking.autocomplete) return;
    else if (about === field.dataset.option && state === "loading") line.textContent = "Looking…";
    else line.textContent = field.value ? "Nothing like it in the list; Enter takes it as you typed it" : "There is nothing to choose yet";
  }
  function describe(dots) {
    const { description } = option(dots.parentElement.dataset.value) ?? {};
    if (description) Object.assign(dots, { className: "playground-description", textContent: description });
  }
  // After a command was sent the next one can be typed at once, but no phone's keyboard covers its answer.
  let composing = false;
  function finish() {
    [picked, asked] = [new Map(), ""];
    if (composing && document.activeElement === document.body && matchMedia("(hover: hover)").matches) {
      document.getElementById("channel-composer-input")?.focus();
    }
  }
  function dress() {
    if (!chip()) finish();
    composing = Boolean(chip());
    all(FIELD).forEach(namePicked);
    all(".command-error").forEach(wordError);
    all(".command-popup .command-empty").forEach(wordEmpty);
    all(".command-suggestion-ellipsis").forEach(describe);
    const heading = one(".command-popup-heading");
    if (heading?.textContent === "OPTIONS MATCHING ") heading.textContent = "OPTIONS";
    const more = one(".command-ghost");
    if (more?.textContent === "+1 options") more.textContent = "+1 option";
  }
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(dress).observe(document.getElementById("channel-composer"), { childList: true, subtree: true });
  });
})();
