/** What the database's process tells the server over their IPC channel. */
export type EmbeddedMessage =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly message: string };
