/* Minga: what makes pages quicker for who has a script. Every page works without it. */
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;
  const NOTICE_MS = 6000;
  const GOES_MS = 900;

  /* theme: change it here at once, and tell the server so that the next page does not flash */
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  $$('[data-theme-form]').forEach(form => form.addEventListener('submit', event => {
    event.preventDefault();
    const theme = isDark() ? 'light' : 'dark';
    const choice = new URLSearchParams(new FormData(form));
    choice.set('theme', theme);
    root.dataset.theme = theme;
    fetch(form.action, { method: 'POST', body: choice, headers: { 'HX-Request': 'true' } });
  }));

  /* notices become toasts: gone after six seconds, unless somebody is on them */
  const float = notice => {
    notice.classList.add('toast');
    let timer;
    const leave = () => { timer = setTimeout(() => notice.remove(), NOTICE_MS); };
    const stay = () => clearTimeout(timer);
    ['mouseenter', 'focusin'].forEach(name => notice.addEventListener(name, stay));
    ['mouseleave', 'focusout'].forEach(name => notice.addEventListener(name, leave));
    $('[data-close]', notice)?.addEventListener('click', () => notice.remove());
    leave();
  };
  const say = words => {
    const notice = document.createElement('div');
    notice.className = 'notice';
    notice.setAttribute('role', 'status');
    document.body.append(notice);
    notice.textContent = words;
    float(notice);
  };
  $$('[data-toast]').forEach(float);

  /* what only a script can do shows only then */
  $$('[data-help-link]').forEach(link => { link.hidden = false; });
  $$('[data-help]').forEach(button => button.addEventListener('click', () => $('#help').showModal()));
  const showCopies = within => $$('[data-copy]', within).forEach(button => { button.hidden = false; });
  showCopies(document);
  addEventListener('DOMContentLoaded', () => { if (window.htmx) root.classList.add('scripted'); });
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    navigator.clipboard?.writeText(button.dataset.copy).then(() => say(button.dataset.copied));
  });

  /* single keys, unless turned off in the account */
  let goes = false;
  let row = -1;
  const rows = () => $$('tbody[data-rows] tr');
  const select = number => {
    const all = rows();
    if (!all.length) return;
    all[row]?.classList.remove('sel');
    row = Math.max(0, Math.min(all.length - 1, number));
    all[row].classList.add('sel');
    $('a', all[row])?.focus();
  };
  const go = key => {
    const place = $(`.nav [data-key="${CSS.escape(key)}"]`);
    if (place) location.assign(place.href);
  };
  const keys = {
    '/': () => $('#q')?.focus(),
    '?': () => $('#help')?.showModal(),
    n: () => { if (document.body.dataset.share) location.assign(document.body.dataset.share); },
    g: () => { goes = true; setTimeout(() => { goes = false; }, GOES_MS); },
    j: () => select(row + 1),
    k: () => select(row - 1),
  };
  addEventListener('keydown', event => {
    if (!('shortcuts' in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input,textarea,select,dialog,[contenteditable]')) return;
    const key = event.key.toLowerCase();
    if (goes) { goes = false; go(key); return; }
    if (!keys[key]) return;
    event.preventDefault();
    keys[key]();
  });

  /* a form is sent once; Ctrl+Enter sends the one being written */
  addEventListener('submit', event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => $$('form[data-sent]').forEach(form => { delete form.dataset.sent; }));
  addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest('form[data-compose]');
    if (form) form.requestSubmit($('#publish', form));
  });

  /* the composer: groups have no place under TLP:RED, the public none but under TLP:CLEAR */
  const limit = form => {
    const tlp = $('[name=tlp]:checked', form)?.value;
    $$('[data-group]', form).forEach(box => {
      box.disabled = tlp === 'red' || (box.dataset.group === 'public' && tlp !== 'clear');
    });
  };
  $$('form[data-compose]').forEach(form => {
    form.addEventListener('change', () => limit(form));
    limit(form);
  });

  /* htmx: new parts get their copy buttons; a part that fails says so and the rest stays */
  document.addEventListener('htmx:afterSwap', event => showCopies(event.target));
  ['htmx:responseError', 'htmx:sendError'].forEach(name =>
    document.addEventListener(name, () => say(document.body.dataset.failed)));
})();
