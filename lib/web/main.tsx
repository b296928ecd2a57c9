import "./styles/index.css";
import { type ComponentType, render } from "preact";
import type { BootState } from "../server/boot.js";
import { type BootOf, readBoot } from "./parts/boot.js";
import { Shell } from "./parts/shell.js";

/** Loads the part of the program that shows one kind of page. */
const pages: { [Kind in BootState["kind"]]: () => Promise<ComponentType<{ boot: BootOf<Kind> }>> } = {
  home: async () => (await import("./pages/home-page.js")).HomePage,
  lesson: async () => (await import("./pages/lesson-page.js")).LessonPage,
  exercise: async () => (await import("./pages/exercise-page.js")).ExercisePage,
  sandbox: async () => (await import("./pages/sandbox-page.js")).SandboxPage,
  search: async () => (await import("./pages/search-page.js")).SearchPage,
  problem: async () => (await import("./pages/problem-page.js")).ProblemPage,
};

async function start<Kind extends BootState["kind"]>(boot: BootOf<Kind>, kind: Kind): Promise<void> {
  const Page = await pages[kind]();
  const root = document.getElementById("page");
  if (root === null) throw new Error("the document has no #page");
  render(
    <Shell boot={boot}>
      <Page boot={boot} />
    </Shell>,
    root,
  );
  performance.mark("highwater-interactive");
}

const boot = readBoot();
await start(boot as BootOf<typeof boot.kind>, boot.kind); // one tag, read from the value itself
