// Everything works without this file. What it adds: the focus on what went wrong,
// buttons to share and copy, a count that keeps up, and a quick way out.

const all = (selector) => [...document.querySelectorAll(selector)];
const first = (selector) => document.querySelector(selector);

const reveal = (kind) =>
  all(`[data-scripted="${kind}"]`).forEach((element) => (element.hidden = false));

function focusErrors() {
  first("[data-error-summary]")?.focus();
}

// Sharing and copying: a button appears where the browser can do what it says.
function offerSharing() {
  if (navigator.share) {
    reveal("share");
    for (const button of all("[data-share-url]")) {
      button.addEventListener("click", () => {
        const { shareTitle: title, shareUrl: url } = button.dataset;
        navigator.share({ title, url }).catch(() => {});
      });
    }
  }
  if (navigator.clipboard) {
    reveal("copy");
    for (const button of all("[data-copy]")) {
      button.addEventListener("click", async () => {
        const field = document.getElementById(button.dataset.copy);
        field.select();
        await navigator.clipboard.writeText(field.value);
        button.textContent = button.dataset.copied;
      });
    }
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

// Ask for the count once a minute, while somebody looks.
function keepCounting() {
  const meter = first("[data-live-count]");
  if (!meter) return;
  const words = meter.querySelector("[data-count-words]");
  const bar = meter.querySelector("[data-count-bar]");
  const inWords = new Intl.NumberFormat(document.documentElement.lang, {
    useGrouping: "always",
  });

  async function refresh() {
    if (document.hidden) return;
    const answer = await fetch(meter.dataset.liveCount).catch(() => null);
    if (!answer?.ok) return;
    const { count, goal } = await answer.json();
    const numbers = [count, goal];
    // The server and the browser may part thousands differently: keep the server's way.
    const mark = words.textContent.match(/\d([.,\u00a0\u202f])\d{3}/)?.[1];
    words.textContent = words.textContent.replace(/\d([\d.,\u00a0\u202f]*\d)?/g, (old) => {
      const number = numbers.shift();
      if (number == null) return old;
      const written = inWords.format(number);
      return mark ? written.replace(/[.,\u00a0\u202f]/g, mark) : written;
    });
    if (bar && goal) {
      bar.max = goal;
      bar.value = count;
    }
  }

  setInterval(refresh, 60_000);
}

// Leave at once: an empty page first, and no way back with the Back button.
function offerQuickExit() {
  const link = first("[data-quick-exit]");
  if (!link) return;
  reveal("");
  const leave = () => {
    document.body.replaceChildren();
    document.title = "\u200b";
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = 0;
  document.addEventListener("keyup", (event) => {
    presses = event.key === "Shift" ? presses + 1 : 0;
    if (presses === 3) leave();
  });
}

focusErrors();
offerSharing();
hideBarOverForm();
keepCounting();
offerQuickExit();
