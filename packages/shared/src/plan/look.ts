/** One question to the kernel about one namespace of ours, or the host's: words for `ip -n <namespace>`, or one command for nft. */
export type Look =
  | { readonly tool: "ip"; readonly namespace: string; readonly args: readonly string[] }
  | { readonly tool: "nft"; readonly namespace: string; readonly script: string };
