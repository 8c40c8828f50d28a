/* Passkeys: a button asks the hub for a challenge and the browser for the answer, and sends its form.
   What goes over the wire is JSON with bytes as base64url, as WebAuthn 3 section 5.1 spells it. */
const toBytes = text => Uint8Array.from(
  atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
const toText = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const known = list => (list || []).map(each => ({ ...each, id: toBytes(each.id) }));

const make = async options => {
  options.user.id = toBytes(options.user.id);
  options.excludeCredentials = known(options.excludeCredentials);
  const { id, rawId, type, response } = await navigator.credentials.create({ publicKey: options });
  return { id, rawId: toText(rawId), type, clientExtensionResults: {}, response: {
    clientDataJSON: toText(response.clientDataJSON),
    attestationObject: toText(response.attestationObject),
  } };
};

const use = async options => {
  options.allowCredentials = known(options.allowCredentials);
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey: options });
  return { id, rawId: toText(rawId), type, clientExtensionResults: {}, response: {
    clientDataJSON: toText(response.clientDataJSON),
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
    userHandle: response.userHandle && toText(response.userHandle),
  } };
};

const say = (form, words) => {
  const place = form.querySelector('[data-passkey-said]');
  place.textContent = words;
  place.hidden = !words;
};

const answer = async button => {
  const token = new URLSearchParams({ csrfmiddlewaretoken: button.form.elements.csrfmiddlewaretoken.value });
  const given = await fetch(button.dataset.options, { method: 'POST', body: token });
  if (!given.ok) throw new Error(`the hub answered ${given.status}`);
  const { publicKey } = await given.json();
  publicKey.challenge = toBytes(publicKey.challenge);
  return button.dataset.passkey === 'create' ? make(publicKey) : use(publicKey);
};

const press = async button => {
  const { form } = button;
  button.disabled = true;
  say(form, '');
  try {
    form.elements[button.dataset.field].value = JSON.stringify(await answer(button));
    form.submit();
  } catch (error) {
    say(form, error.name === 'NotAllowedError' ? button.dataset.cancelled : button.dataset.failedWords);
    button.disabled = false;
  }
};

if (window.PublicKeyCredential) {
  document.querySelectorAll('button[data-passkey]').forEach(button => {
    button.hidden = false;
    button.addEventListener('click', () => press(button));
  });
}
