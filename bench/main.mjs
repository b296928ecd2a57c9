// npm run bench -- NAME [options]: one file a benchmark, each with its own options, `--json` among them.
const benches = {
  simulate: "./simulate.mjs",
  explore: "./explore.mjs",
  reductions: "./reductions.mjs",
  grade: "./grade.mjs",
  web: "./web.mjs",
};

const [name, ...options] = process.argv.slice(2);
if (name === undefined || !Object.hasOwn(benches, name)) {
  const names = Object.keys(benches).join(", ");
  console.error(name === undefined ? "Say which benchmark to run." : `There is no benchmark called "${name}".`);
  console.error(`Usage: npm run bench -- NAME [--json], where NAME is one of: ${names}`);
  process.exit(2);
}
const { run } = await import(benches[name]);
process.exitCode = await run(options);
