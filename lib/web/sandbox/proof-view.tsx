import { RequirementList } from "../exercise/verdict-view.js";
import type { SandboxSession } from "./sandbox-session.js";

/** What the configuration guarantees under every schedule within the bounds, claim by claim. */
export function ProofView({ session }: { session: SandboxSession }) {
  const proof = session.proof.value;
  if (proof === undefined) return null;
  return (
    <section class="verdict" aria-labelledby="proof-title">
      <header class="verdict-head">
        <h2 id="proof-title">{proof.title}</h2>
      </header>
      <RequirementList requirements={proof.claims} />
      <footer class="verdict-foot">
        <span>{`${(proof.elapsedMs / 1000).toFixed(1)} s`}</span>
      </footer>
    </section>
  );
}
