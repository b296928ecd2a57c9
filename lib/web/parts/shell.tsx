import type { ComponentChildren } from "preact";
import type { BootState } from "../../server/boot.js";
import { SearchIcon } from "./icons.js";
import { ThemeMenu } from "./theme-menu.js";
import { Wordmark } from "./wordmark.js";

/** What every page has around it: where one is, where one can go, how to search, and how it should look. */
export function Shell({ boot, children }: { boot: BootState; children: ComponentChildren }) {
  const query = new URLSearchParams(location.search).get("q") ?? "";
  const current = (kinds: readonly BootState["kind"][]) => (kinds.includes(boot.kind) ? "page" : undefined);
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the text
      </a>
      <header class="site-header">
        <Wordmark />
        <nav aria-label="Course">
          <a href="/" aria-current={current(["home"])}>
            Lessons
          </a>
          <a href="/sandbox" aria-current={current(["sandbox"])}>
            Sandbox
          </a>
          <a href="/search" class="search-link" aria-current={current(["search"])}>
            Search
          </a>
        </nav>
        <search>
          <form action="/search" class="site-search">
            <label>
              <span class="visually-hidden">Search the lessons</span>
              <SearchIcon />
              <input type="search" name="q" value={query} placeholder="Search the lessons" autocomplete="off" />
            </label>
          </form>
        </search>
        <ThemeMenu />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
