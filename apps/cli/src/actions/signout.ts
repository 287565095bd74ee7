import type { Action } from "../command-spec";
import { configDir } from "../env";
import { originOf } from "../server/server-address";
import { removeSessions } from "../server/sessions-file";

/** Forgets what was kept here; the server lets the session end by itself. */
export const signout: Action = async ({ env, out }, given) => {
  const url = given.arg(0);
  const gone = await removeSessions(configDir(env), url === null ? null : originOf(url));
  out.value({ signedOut: gone });
  out.done(gone.length === 0 ? "Nobody was signed in." : `Signed out of ${gone.join(", ")}.`);
};
