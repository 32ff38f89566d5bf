// Runs inside the frame before simcord's preview: "@" offers the bot's name, as Discord's message box does.
(() => {
  const name = new URLSearchParams(location.search).get("bot") || "";
  const box = () => document.getElementById("channel-composer-input");
  const offer = () => document.querySelector(".playground-mention");
  const withdraw = () => offer()?.remove();

  /** Return how many letters of the name stand before the caret, with their "@", or 0 when there is no "@". */
  function begun(input) {
    const [, letters] = /(?:^|\s)(@\w*)$/.exec(input.value.slice(0, input.selectionStart)) ?? [];
    const whole = `@${name}`.toLowerCase();
    return letters && whole.startsWith(letters.toLowerCase()) && letters.length < whole.length ? letters.length : 0;
  }
  function take() {
    const input = box();
    const end = input.selectionStart;
    input.setRangeText(`@${name} `, end - begun(input), end, "end");
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function look({ target }) {
    withdraw();
    if (target !== box() || !name || !begun(target)) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: `@${name}`, className: "playground-mention" });
    button.append(Object.assign(document.createElement("small"), { textContent: "Write your question after it" }));
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus and the caret
    button.addEventListener("click", take);
    document.getElementById("channel-composer").prepend(button);
  }
  addEventListener("input", look);
  addEventListener("click", ({ target }) => { if (!target.closest(".playground-mention")) withdraw(); });
  addEventListener("keydown", (event) => {
    if (!offer() || event.isComposing || event.target !== box()) return;
    if (["Enter", "Tab"].includes(event.key)) take();
    else if (event.key === "Escape") withdraw();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
})();
