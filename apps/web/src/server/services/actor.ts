import type { Me } from "@vpclab/shared/wire/api";
import type { ActorFacts } from "./can";

/** Who asks: a signed-in user. Every service call names one, so that nothing can be done anonymously by accident. */
export interface Actor extends Omit<ActorFacts, "role">, Me {
  readonly sessionId: string;
  /** Signed in by a one-time link. */
  readonly byLink: boolean;
}
