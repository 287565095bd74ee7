import type { Action } from "../command-spec";

/**
 * An action for command lines that say by position what others say by options: `add-subnet prod web 10.0.1.0/24`. `otherwise` takes over
 * where there are several.
 */
export const byPosition = (names: readonly string[], action: Action, otherwise: Action = action): Action => (session, given) => {
  const named = given.asOptions(names);
  return named === given ? action(session, given) : otherwise(session, named);
};
