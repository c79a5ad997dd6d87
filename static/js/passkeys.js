// Passkeys: the browser does the work, this carries its answer into the form.

const form = document.querySelector("[data-passkey]");
const options = () =>
  JSON.parse(document.getElementById("passkey-options").textContent);

const asked = {
  // Where the device can, a passkey that needs no password beside it.
  create: () => {
    const wanted = options();
    Object.assign(wanted.publicKey.authenticatorSelection, {
      residentKey: "preferred",
      requireResidentKey: false,
      userVerification: "preferred",
    });
    return webauthnJSON.create(wanted);
  },
  get: () => webauthnJSON.get(options()),
  "log-in": async () => {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { headers });
    return webauthnJSON.get((await answer.json()).request_options);
  },
};

if (form && webauthnJSON.supported()) {
  form.hidden = false;
  const failed = form.querySelector("[data-passkey-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const credential = await asked[form.dataset.passkey]();
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      failed.hidden = false; // given up by the person, or not possible here
    }
  });
}
