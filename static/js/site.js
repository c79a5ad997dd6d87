// Everything works without this file. What it adds: a quick way out, the focus on what
// went wrong, buttons to share, copy and print, hints while typing, a count that keeps up.

const all = (selector) => [...document.querySelectorAll(selector)];
const first = (selector) => document.querySelector(selector);

const reveal = (kind) =>
  all(`[data-scripted="${kind}"]`).forEach((element) => (element.hidden = false));

const afterPause = (milliseconds, action) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
};

// Words for screen readers. The region must stand in the page before it speaks.
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);
const say = (words) => (status.textContent = words);

// Leave at once: an empty page first, and no way back to it with the Back button.
function offerQuickExit() {
  const link = first("[data-quick-exit]");
  if (!link) return;
  reveal("exit");
  const leave = () => {
    document.title = "\u200b";
    document.body.replaceChildren();
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  // Shift three times, with no other key or click between: nobody types like that.
  const within = 5000;
  let presses = [];
  let isAlone = false;
  const notice = ({ key }) => {
    isAlone = key === "Shift";
    if (!isAlone) presses = [];
  };
  addEventListener("keydown", notice, true);
  addEventListener("pointerdown", notice, true);
  addEventListener(
    "keyup",
    ({ key, timeStamp }) => {
      if (key !== "Shift" || !isAlone) return;
      presses = [...presses.filter((at) => timeStamp - at < within), timeStamp];
      if (presses.length === 3) leave();
    },
    true,
  );
}

function focusErrors() {
  first("[data-error-summary]")?.focus();
}

function offerSharing() {
  if (!navigator.share) return;
  reveal("share");
  for (const button of all("[data-share-url]")) {
    button.addEventListener("click", () => {
      const { shareTitle: title, shareText: text, shareUrl: url } = button.dataset;
      navigator.share({ title, text, url }).catch(() => {}); // closed without sharing
    });
  }
}

function offerCopying() {
  if (!navigator.clipboard) return;
  reveal("copy");
  for (const button of all("[data-copy]")) {
    const words = button.textContent;
    const asBefore = afterPause(4000, () => {
      button.textContent = words;
      say("");
    });
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
      say(button.dataset.copied);
      asBefore();
    });
  }
}

function offerPrinting() {
  reveal("print");
  for (const button of all("[data-print]")) {
    button.addEventListener("click", () => print());
  }
}

// The bar with "Sign" would cover the form it leads to.
function hideBarOverForm() {
  const bar = first("[data-sign-bar]");
  const form = first("#sign");
  if (!bar || !form) return;
  new IntersectionObserver(([entry]) => {
    bar.hidden = entry.isIntersecting;
  }).observe(form);
}

// How much room is left: to be seen at once, to be heard only when it gets tight.
function countCharacters() {
  for (const field of all("[data-most]")) {
    const most = Number(field.dataset.most);
    const line = document.getElementById(`${field.id}-count`);
    const left = () => most - [...field.value].length;
    const show = () => {
      const words = left() < 0 ? line.dataset.over : line.dataset.left;
      line.toggleAttribute("data-is-over", left() < 0);
      line.textContent = words
        .replace("{left}", left())
        .replace("{over}", -left())
        .replace("{most}", most);
    };
    const tell = afterPause(1000, () => say(left() < most / 10 ? line.textContent : ""));
    field.addEventListener("input", show);
    field.addEventListener("input", tell);
    show();
  }
}

const MAIL_DOMAINS = [
  ...["gmail.com", "googlemail.com", "mail.com", "email.com", "ymail.com"],
  ...["hotmail.com", "outlook.com", "live.com", "msn.com", "aol.com"],
  ...["yahoo.com", "icloud.com", "protonmail.com"],
];
// Big providers have a domain in every country: those are no slips.
const OF_A_COUNTRY = /\.(?!co$|cm$|om$)[a-z]{2}$/;

// Ask about "gmial.com", and put it right on request. It stops nobody.
function askAboutTypos() {
  for (const question of all("[data-typo-of]")) {
    const field = document.getElementById(question.dataset.typoOf);
    const [words, button] = question.children;
    const domain = () => field.value.trim().split("@")[1]?.toLowerCase() ?? "";
    const ask = () => {
      const better = meantDomain(domain());
      question.hidden = !better;
      words.textContent = better && question.dataset.question.replace("{domain}", better);
      say(words.textContent);
    };
    // Not when the field is left: the button just pressed would move away.
    field.addEventListener("input", afterPause(700, ask));
    button.addEventListener("click", () => {
      field.value = `${field.value.split("@")[0].trim()}@${meantDomain(domain())}`;
      question.hidden = true;
      field.focus();
    });
    ask();
  }
}

function meantDomain(domain) {
  if (MAIL_DOMAINS.includes(domain) || OF_A_COUNTRY.test(domain)) return "";
  const isNear = (known) => distance(domain, known) <= (known.length > 8 ? 2 : 1);
  return MAIL_DOMAINS.find(isNear) ?? "";
}

// How many letters to add, drop or change (Levenshtein).
function distance(one, other) {
  let row = [...Array(other.length + 1).keys()];
  for (const letter of one) {
    const next = [row[0] + 1];
    for (let at = 0; at < other.length; at++) {
      const changed = row[at] + (letter !== other[at]);
      next.push(Math.min(changed, row[at + 1] + 1, next[at] + 1));
    }
    row = next;
  }
  return row.at(-1);
}

// Ask for the count once a minute, while somebody looks.
function keepCounting() {
  const meter = first("[data-live-count]:has([data-count])");
  if (!meter) return;
  const bar = meter.querySelector("[data-count-bar]");
  const inWords = new Intl.NumberFormat(document.documentElement.lang, {
    numberingSystem: "latn", // as the server writes numbers, in Arabic too
    useGrouping: "always",
  });
  const write = (selector, number) => {
    const element = meter.querySelector(selector);
    if (!element || number == null) return;
    // The server and the browser may part thousands differently: the server's way.
    const mark = meter.textContent.match(/\d([.,\u00a0\u202f])\d{3}/)?.[1];
    const written = inWords.format(number);
    element.textContent = mark ? written.replace(/[.,\u00a0\u202f]/g, mark) : written;
  };

  async function refresh() {
    if (document.hidden) return;
    const answer = await fetch(meter.dataset.liveCount).catch(() => null);
    if (!answer?.ok) return;
    const { count, goal } = await answer.json();
    if (count == null) return; // too few to be told
    write("[data-count]", count);
    write("[data-goal]", goal);
    const words = meter.querySelector("[data-count-words]");
    words.textContent = meter.querySelector("[data-count-shown]").textContent;
    if (bar && goal) {
      bar.max = goal;
      bar.value = count;
    }
  }

  setInterval(refresh, 60_000);
}

// For how long the page was open: a form that comes at once was filled in by a machine.
function tellHowLongItTook() {
  for (const form of all(".sign-form")) {
    form.addEventListener("formdata", ({ formData }) => {
      formData.set("took", Math.round(performance.now()));
    });
  }
}

const features = [offerQuickExit, focusErrors, offerSharing, offerCopying, offerPrinting];
features.push(hideBarOverForm, countCharacters, askAboutTypos, keepCounting);
features.push(tellHowLongItTook);
for (const start of features) {
  try {
    start();
  } catch (error) {
    console.error(error); // the others go on
  }
}
