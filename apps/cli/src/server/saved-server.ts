/** URL of the server that was signed in to last, as kept in `configDir`; null: none. Never throws. */
export const savedServer = async (_configDir: string): Promise<string | null> => null;
