// The page around the channel: which channel, through whose eyes, and what is new elsewhere.
const PULSE_MS = 700;
const CHIPS = [
  { command: "/rankings" },
  { command: "/project show" },
  { command: "/ask" },
  { command: "@" },
  { command: "/vote cast" },
  { command: "/poll open", moderators: true },
  { command: "/poll close", moderators: true },
  { command: "/answers gaps", moderators: true },
  { command: "/announce add", moderators: true },
  { command: "/announce list", moderators: true },
  { command: "/help" },
];

const DIRECT = "direct";
const byId = (id) => document.getElementById(id);
const frame = byId("frame");
const seen = {};
let session = null;
let view = { channel: "general", person: "member" };

function allowed(channel, person) {
  return person === "moderator" || !session.channels.find((item) => item.name === channel)?.moderators;
}

function place(channel) {
  return channel === DIRECT ? `${DIRECT}/${view.person}` : channel;
}

function frameAddress() {
  const wish = new URLSearchParams({ ...view, bot: session.bot, menus: session.menus.join("|"), zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC" });
  return `/frame?${wish}#${session.key}`;
}

function reloadFrame() {
  // A new query makes the browser load the frame anew even when nothing else changed.
  frame.src = frameAddress().replace("#", `&at=${Date.now()}#`);
}

let shown = Promise.resolve();
function show(channel, person) {
  shown = shown.then(() => change(channel, person));
  return shown;
}

async function change(channel, person) {
  if (!allowed(channel, person)) channel = "general";
  view = { channel, person };
  history.replaceState(null, "", `#${channel}/${person}`);
  draw();
  if (!frame.contentWindow?.simcordPreview?.contextId) return reloadFrame();
  try {
    const answer = await tell("/playground/view", view);
    if (answer.ok) await frame.contentWindow.playground.reach((await answer.json()).generation);
    else reloadFrame();
  } catch {
    notice(true);
  }
}

function tell(path, wish) {
  const context = frame.contentWindow.simcordPreview.contextId;
  const headers = { "Content-Type": "application/json", "X-Simcord-Capability": session.key, "X-Simcord-Context": context };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(wish) });
}

function draw() {
  seen[place(view.channel)] = session.posted[place(view.channel)];
  document.title = `${view.channel === DIRECT ? session.bot : `#${view.channel}`} · Moonballot playground`;
  byId("topic").textContent = session.channels.find((item) => item.name === view.channel)?.topic || "";
  for (const tab of byId("tabs").children) {
    const { channel } = tab.dataset;
    const locked = !allowed(channel, view.person);
    const unread = !locked && channel !== view.channel && session.posted[place(channel)] > seen[place(channel)];
    tab.classList.toggle("locked", locked);
    tab.classList.toggle("unread", unread);
    tab.setAttribute("aria-current", String(channel === view.channel));
    tab.setAttribute("aria-label", channel === DIRECT ? "Direct messages with the bot" : `#${channel}${locked ? ", for moderators only" : unread ? ", new messages" : ""}`);
    tab.title = locked ? "Only moderators see this channel: switch to Moderator" : "";
    tab.disabled = locked;
  }
  for (const radio of document.querySelectorAll("[name=person]")) radio.checked = radio.value === view.person;
  for (const chip of byId("chips").children) chip.hidden = chip.dataset.moderators === "true" && view.person !== "moderator";
}

function build() {
  for (const { name } of session.channels) {
    const tab = Object.assign(document.createElement("button"), { type: "button", className: "tab" });
    tab.dataset.channel = name;
    if (name === DIRECT) tab.classList.add("direct");
    tab.append(name === DIRECT ? session.bot : name, Object.assign(document.createElement("span"), { className: "dot" }));
    tab.addEventListener("click", () => show(name, view.person));
    byId("tabs").append(tab);
  }
  for (const { command: typed, moderators = false } of CHIPS) {
    const command = typed === "@" ? `@${session.bot}` : typed;
    const chip = Object.assign(document.createElement("button"), { type: "button", textContent: command });
    chip.className = moderators ? "chip moderators" : "chip";
    chip.dataset.moderators = moderators;
    chip.title = typed === "@" ? "Write your question after this" : "Put this command into the message box; Enter sends it";
    chip.addEventListener("click", () => shown.then(() => frame.contentWindow?.playground?.type(command)));
    byId("chips").append(chip);
  }
  for (const radio of document.querySelectorAll("[name=person]")) {
    radio.addEventListener("change", () => show(view.channel, radio.value));
  }
}

function notice(down) {
  const line = byId("notice");
  line.textContent = "Moonballot does not answer. Start it again with “python run.py”: this page comes back by itself.";
  line.hidden = !down;
}

let misses = 0;
async function pulse() {
  try {
    const state = await (await fetch("/playground/pulse", { cache: "no-store" })).json();
    if (state.run !== session.run) return location.reload();
    session.posted = state.posted;
    misses = 0;
    draw();
  } catch {
    misses += 1;
  }
  notice(misses > 1);
  setTimeout(pulse, PULSE_MS);
}

let lost = 0;
const news = {
  // The frame's session ended, for example after a long sleep of the machine.
  lost() {
    if (Date.now() - lost < 2000) return;
    lost = Date.now();
    setTimeout(reloadFrame, 300);
  },
  // A link to a message was followed.
  async jump({ channel, message }) {
    const name = session.channels.find((item) => item.id === channel)?.name;
    if (!name || !allowed(name, view.person)) return;
    if (name !== view.channel) await show(name, view.person);
    if (message) await frame.contentWindow.playground.find(message);
  },
  // A command was chosen from a message's menu.
  async menu({ name, message }) {
    await tell("/playground/menu", { name, message });
  },
};
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.source === frame.contentWindow) news[event.data?.playground]?.(event.data);
});

async function start() {
  session = await (await fetch("/playground/session", { cache: "no-store" })).json();
  Object.assign(seen, session.posted);
  const [channel, person] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (session.channels.some((item) => item.name === channel)) view.channel = channel;
  if (person === "moderator") view.person = person;
  if (!allowed(view.channel, view.person)) view.channel = "general";
  build();
  draw();
  frame.src = frameAddress();
  setTimeout(pulse, PULSE_MS);
}

start().catch(() => { notice(true); setTimeout(() => location.reload(), 2000); });
