import type { AgentMessage } from "@vpclab/shared/wire/messages";

type DeepReadonly<T> = T extends readonly (infer E)[] ? readonly DeepReadonly<E>[] : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** A message on its way to the server: the schema's type is mutable, what the agent sends are values. */
export type OutgoingMessage = DeepReadonly<AgentMessage>;
