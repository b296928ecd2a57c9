import { useEffect, useState } from "preact/hooks";
import type { SearchHit } from "../../server/search.js";
import { getJson, messageOf } from "../parts/api.js";
import type { BootOf } from "../parts/boot.js";

/** What the lessons say about a word. */
export function SearchPage({ boot }: { boot: BootOf<"search"> }) {
  const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const [hits, setHits] = useState<readonly SearchHit[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (query === "") return;
    getJson<{ hits: readonly SearchHit[] }>(`/api/search?q=${encodeURIComponent(query)}`).then(
      (answer) => setHits(answer.hits),
      (error: unknown) => setProblem(messageOf(error)),
    );
  }, [query]);
  return (
    <div class="plain-column search-page">
      <h1>{query === "" ? "Search" : `“${query}”`}</h1>
      <form action="/search" class="search-again">
        <label for="search-again" class="visually-hidden">
          Search the lessons
        </label>
        <input id="search-again" type="search" name="q" value={query} autocomplete="off" />
        <button type="submit">Search</button>
      </form>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <p role="status" class="muted">
        {query === ""
          ? `All ${boot.course.lessons.length} lessons are searched, prose and code.`
          : hits === undefined
            ? ""
            : `${hits.length === 0 ? "Nothing" : hits.length === 1 ? "One place" : `${hits.length} places`} in the lessons.`}
      </p>
      <ol class="search-hits">
        {hits?.map((hit) => (
          <li key={`${hit.lesson} ${hit.cell}`}>
            <a class="search-hit-title" href={`/lessons/${encodeURIComponent(hit.lesson)}#cell-${hit.cell}`}>
              {hit.heading}
            </a>
            <span class="muted">{hit.lessonTitle === hit.heading ? "" : hit.lessonTitle}</span>
            <p>
              <Marked text={hit.excerpt} query={query} />
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Marked({ text, query }: { text: string; query: string }) {
  const words = query.split(/\s+/).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = text.split(new RegExp(`(${words.join("|")})`, "i"));
  return <>{parts.map((part, index) => (index % 2 === 1 ? <mark key={`${index}${part}`}>{part}</mark> : part))}</>;
}
