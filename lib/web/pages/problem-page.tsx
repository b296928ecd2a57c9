import type { BootOf } from "../parts/boot.js";

/** A lesson that is there and cannot be shown. */
export function ProblemPage({ boot }: { boot: BootOf<"problem"> }) {
  return (
    <div class="plain-column">
      <h1>This lesson cannot be shown</h1>
      <p>{boot.message}</p>
      <p>
        <a href="/">All lessons</a>
      </p>
    </div>
  );
}
