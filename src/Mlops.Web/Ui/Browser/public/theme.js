// Before anything is drawn, so that a dark page does not flash white.
(function () {
  var chosen = null;
  try { chosen = localStorage.getItem('mlops-theme'); } catch { /* storage is off: the system's choice counts */ }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
