/**
 * A claim about each single state: it holds in all that can be reached.
 *
 * Does not catch what takes two states to see ("the high watermark never goes back") unless the state remembers enough to
 * tell, nor anything beyond the bounds of the search.
 */
export interface Always<State> {
  readonly kind: "always";
  readonly name: string;
  holds(state: State): boolean;
}

/**
 * A claim that some state can be reached.
 *
 * One witness is enough: it does not say that the state is reached often, or from everywhere, or that it must be. Never
 * reached is an answer only when the search was complete.
 */
export interface Sometimes<State> {
  readonly kind: "sometimes";
  readonly name: string;
  holds(state: State): boolean;
}

/**
 * A claim that each state in which `from` holds is followed, sooner or later, by one in which `to` holds (at once counts).
 *
 * Assumes weak fairness: an action for which the model names a `fairness` promise is not put off for ever while it stays
 * possible. Does not catch: how late it is; what goes wrong only when an action that comes and goes is missed each time
 * (that would be strong fairness, so such a run is reported as a counterexample: judge it); anything beyond the bounds,
 * which is why a search that was cut, or that left `within` on the way, answers "inconclusive" and not "holds".
 */
export interface LeadsTo<State> {
  readonly kind: "leadsTo";
  readonly name: string;
  from(state: State): boolean;
  to(state: State): boolean;
}

export type Property<State> = Always<State> | Sometimes<State> | LeadsTo<State>;

/** {@link Always} */
export function always<State>(name: string, holds: (state: State) => boolean): Always<State> {
  return { kind: "always", name, holds };
}

/** {@link Sometimes} */
export function sometimes<State>(name: string, holds: (state: State) => boolean): Sometimes<State> {
  return { kind: "sometimes", name, holds };
}

/** {@link LeadsTo} */
export function leadsTo<State>(
  name: string,
  from: (state: State) => boolean,
  to: (state: State) => boolean,
): LeadsTo<State> {
  return { kind: "leadsTo", name, from, to };
}
