// Before first paint: the theme and density this browser chose, so that nothing flashes.
// A file of its own because the security policy allows no inline script.
(() => {
  let saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('yuheng.preferences') || '{}');
  } catch {}
  const dark =
    saved.theme === 'dark' || (saved.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? 'dark' : 'light';
  root.dataset.density = saved.density === 'comfortable' ? 'comfortable' : 'compact';
})();
