/** A text to read, and what it is called in messages. */
export interface Source {
  /** The path as given, or another word for where it comes from; `.json` at its end asks for strict JSON. */
  readonly name: string;
  readonly text: string;
}
