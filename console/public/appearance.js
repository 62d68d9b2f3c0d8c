// Before the first paint: the reader's stored theme and density, so that nothing flashes.
for (const name of ['theme', 'density']) {
  try {
    const stored = localStorage.getItem(`datalab.${name}`)
    if (stored) document.documentElement.dataset[name] = stored
  } catch {
    break
  }
}
