// Runs inside the frame before simcord's preview: says which tab this is, holds what a person does while the preview is
// busy instead of losing it, and lets the page around put a command into the message box.
(() => {
  const wish = new URLSearchParams(location.search);
  const LIMIT_MS = 8000;
  const SENT = /"kind":"(run_command|send_message)"/;

  // -- which channel and person to open, and what to do when the session is gone
  const send = window.fetch.bind(window);
  window.fetch = async (address, init = {}) => {
    if (address === "/api/pages") {
      const ours = { "X-Playground-Channel": wish.get("channel"), "X-Playground-Person": wish.get("person"), "X-Playground-Zone": wish.get("zone"), "X-Playground-Locale": navigator.language };
      init = { ...init, headers: { ...init.headers, ...ours } };
    }
    const before = moves;
    const answer = await send(address, init);
    if (SENT.test(init.body) && moves === before) goDown();
    if (String(address).startsWith("/api/") && [401, 410].includes(answer.status)) {
      parent.postMessage({ playground: "lost" }, location.origin);
    }
    return answer;
  };

  // -- the newest message is in view after one was sent and when a channel opens, also while pictures come in and the
  // message box changes its height; who scrolls, presses or types meanwhile is left alone
  let settled = true;
  let moves = 0;
  for (const act of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(act, () => { settled = true; moves += act !== "keydown"; }, true);
  }
  function goDown() {
    const timeline = document.getElementById("channel-timeline");
    const end = Date.now() + 1000;
    settled = false;
    const down = () => {
      settled ||= Date.now() > end;
      if (settled) return;
      timeline.scrollTop = timeline.scrollHeight;
      requestAnimationFrame(down);
    };
    down();
  }

  // -- the preview drops what is done while an action runs; keep it and do it when the action is over
  const preview = () => window.simcordPreview;
  function busy() {
    const state = preview();
    return Boolean(state && (state.pendingAction
      || (state.awaitingRevision !== null && state.awaitingRevision > state.publishedRevision)));
  }
  async function idle() {
    const end = Date.now() + LIMIT_MS;
    while (busy() && Date.now() < end) await new Promise((done) => setTimeout(done, 30));
    return !busy();
  }
  const CONTROLS = "[data-control-key], .select-option, .select-apply, .command-suggestion, #send-message";
  let held = false;
  function hold(event, again) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (held) return;
    held = true;
    void idle().then((free) => { held = false; if (free) again(); });
  }
  function find(element) {
    // The answer may have drawn it anew; a list's frame bears the same key as the button that opens it.
    const key = element.dataset.controlKey;
    if (element.isConnected || !key) return element;
    return document.querySelector(`${element.localName}.${CSS.escape(element.classList[0])}[data-control-key="${CSS.escape(key)}"]`);
  }
  async function press(control, tries = 10) {
    find(control)?.click();
    // A button that was drawn in this very moment may not take the click yet.
    if (!control.matches(".component-button") || busy() || tries === 0) return;
    await new Promise((done) => setTimeout(done, 50));
    if (!busy()) await press(control, tries - 1);
  }
  addEventListener("click", (event) => {
    const control = event.target instanceof Element ? event.target.closest(CONTROLS) : null;
    if (!event.isTrusted || !control || control.closest("textarea, input")) return;
    if (!busy() && control.getAttribute("aria-disabled") !== "true") return;
    const key = control.dataset.controlKey;
    if (key && preview().pendingAction?.controlKey === key) { // a double click means once
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    hold(event, () => press(control));
  }, true);
  addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    const field = event.target;
    if (!(field instanceof Element) || !field.closest("#channel-composer") || !busy()) return;
    hold(event, () => {
      const target = field.isConnected ? field : document.activeElement;
      target?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    });
  }, true);

  // -- a message has a menu of commands, as in Discord: by a right click, or by holding it on a phone
  const menus = (wish.get("menus") || "").split("|").filter(Boolean);
  const inDirect = () => parent.document.querySelector(".tab.direct")?.getAttribute("aria-current") === "true";
  const shut = () => document.querySelector(".playground-menu")?.remove();
  addEventListener("contextmenu", (event) => {
    shut();
    const message = event.target instanceof Element ? event.target.closest("#channel-message-list [data-message-id]") : null;
    if (!message || !menus.length || inDirect() || event.target.closest("a, input, textarea")) return;
    event.preventDefault();
    const menu = Object.assign(document.createElement("div"), { className: "playground-menu" });
    menu.setAttribute("role", "menu");
    for (const name of menus) {
      const item = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      item.setAttribute("role", "menuitem");
      item.addEventListener("click", () => {
        shut();
        parent.postMessage({ playground: "menu", name, message: message.dataset.messageId }, location.origin);
      });
      menu.append(item);
    }
    document.body.append(menu);
    const room = document.documentElement;
    menu.style.left = `${Math.min(event.clientX, room.clientWidth - menu.offsetWidth - 8)}px`;
    menu.style.top = `${Math.min(event.clientY, room.clientHeight - menu.offsetHeight - 8)}px`;
    menu.firstElementChild.focus();
  }, true);
  addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(".playground-menu")) shut();
  }, true);
  addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); }, true);

  // -- a link to a message leads to that message here, not to discord.com
  const MESSAGE_LINK = /^https:\/\/discord\.com\/channels\/\d+\/(\d+)(?:\/(\d+))?$/;
  addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const [, channel, message] = MESSAGE_LINK.exec(link?.href ?? "") || [];
    if (!channel) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    parent.postMessage({ playground: "jump", channel, message }, location.origin);
  }, true);
  function nameLinks(list) {
    for (const link of list.querySelectorAll('a[href^="https://discord.com/channels/"]')) {
      if (link.textContent === link.getAttribute("href")) link.textContent = "go to the message";
    }
  }

  // -- a form opens in its first field, not on its ✕
  addEventListener("focusin", ({ target, relatedTarget }) => {
    if (!target.matches(".modal-close") || relatedTarget?.closest(".modal-dialog")) return;
    target.closest(".modal-dialog").querySelector(".modal-fields :is(input, textarea, button)")?.focus();
  });

  // -- a file comes by its name as well as by its arrow
  addEventListener("click", ({ target }) => {
    if (target.matches?.(".file-name")) target.closest(".component-file")?.querySelector(".file-download")?.click();
  });

  // -- what the page around may ask for
  const composer = () => document.getElementById("channel-composer-input");
  const wait = (test, limit = 3000) => new Promise((done) => {
    const end = Date.now() + limit;
    const look = () => { const found = test(); if (found || Date.now() > end) done(found); else setTimeout(look, 25); };
    look();
  });
  window.playground = {
    /** Read the state now instead of at the next turn of the preview's clock. */
    look() {
      for (const name of ["pagehide", "pageshow"]) dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
    },
    /** Wait until the page shows what the server switched to. */
    async reach(generation) {
      this.look();
      await wait(() => preview()?.contextGeneration >= generation);
    },
    /** Scroll to a message and let it shine for a moment. */
    async find(message) {
      const found = await wait(() => document.querySelector(`#channel-message-list [data-message-id="${CSS.escape(message)}"]`));
      if (!found) return;
      setTimeout(() => {
        found.scrollIntoView({ block: "nearest" });
        found.classList.add("playground-found");
        setTimeout(() => found.classList.remove("playground-found"), 2000);
      }, 700);
    },
    /** Put a command into the message box, ready for its options and Enter. */
    async type(command) {
      document.querySelector(".command-context-close")?.click();
      const input = await wait(composer);
      if (!input) return;
      input.focus();
      input.value = command.startsWith("/") ? command : `${command} `;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      if (!command.startsWith("/")) return;
      const entry = await wait(() => [...document.querySelectorAll(".command-entry")]
        .find((item) => item.querySelector("strong")?.textContent === command), 1500);
      entry?.click();
    },
  };

  // -- say in Discord's words what the hidden toolbar would say
  function complaint(line) {
    const state = preview();
    if (!/^Action was not completed/.test(line) || ["uncertain", "error"].includes(state?.transport?.state)) return "";
    return state?.lastAction?.acknowledgement === "unacknowledged"
      ? "The application did not respond" : "That did not go through. Try it once more.";
  }
  addEventListener("DOMContentLoaded", () => {
    const status = document.getElementById("action-status");
    const toast = Object.assign(document.createElement("p"), { className: "playground-toast", hidden: true });
    toast.setAttribute("role", "status");
    document.body.append(toast);
    let timer = 0;
    new MutationObserver(() => {
      const text = complaint(status.textContent);
      if (!text) return;
      toast.textContent = text;
      toast.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => { toast.hidden = true; }, 4500);
    }).observe(status, { childList: true, characterData: true, subtree: true });

    const list = document.getElementById("channel-message-list");
    new MutationObserver(() => nameLinks(list)).observe(list, { childList: true, subtree: true });

    // A tab that nobody sees need not ask twice a second.
    document.addEventListener("visibilitychange", () => {
      dispatchEvent(new PageTransitionEvent(document.hidden ? "pagehide" : "pageshow", { persisted: true }));
    });

    // A channel opens at its newest message. The preview writes the channel's name anew with every change; only another
    // name is another channel.
    const name = document.getElementById("channel-name");
    let opened = "";
    new MutationObserver(() => {
      if (name.textContent === opened) return;
      opened = name.textContent;
      goDown();
    }).observe(name, { childList: true, characterData: true, subtree: true });
  });
})();
