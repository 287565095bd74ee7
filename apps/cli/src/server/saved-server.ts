import { chosenServer } from "./sessions-file";

/** URL of the server that was signed in to last, as kept in `configDir`; null: none, or the sign-in has expired. Never throws. */
export const savedServer = (configDir: string): Promise<string | null> => chosenServer(configDir);
