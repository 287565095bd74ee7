import { AppError } from "@vpclab/shared/errors/app-error";
import { LowDescriptors } from "./low-descriptors";
import type { ForeignLibrary } from "./libc";
import { keepDescriptorsToOurselves, openLibrary } from "./libc";

const SONAME = "libnftables.so.1";
/** nftables/libnftables.h */
const NFT_CTX_DEFAULT = 0;
const NFT_CTX_OUTPUT_STATELESS = 1 << 2;
const NFT_CTX_OUTPUT_JSON = 1 << 4;

/** Said where the library is missing. */
export const MISSING_LIBNFTABLES =
  "The library libnftables.so.1 is not installed. Install it with: apt-get install libnftables1 (it comes with the package nftables)";

export type NftAnswer = { readonly ok: true; readonly output: string } | { readonly ok: false; readonly error: string };

const INTERRUPTED = "Interrupted system call";
const TRIES_MAX = 20;

type Context = object;
interface Calls {
  readonly create: (flags: number) => Context | null;
  readonly free: (context: Context) => void;
  readonly run: (context: Context, script: string) => number;
  readonly bufferOutput: (context: Context) => number;
  readonly bufferError: (context: Context) => number;
  readonly output: (context: Context) => string;
  readonly error: (context: Context) => string;
  readonly setOutputFlags: (context: Context, flags: number) => void;
}

let loaded: Calls | null = null;

/** libnftables waits for answers with select(2), which ends the process for descriptors from 1024 on. */
const SELECT_MAX = 1024;
/** That may be there at the same time. */
export const NFT_CONTEXTS_MAX = 80;
let descriptors: LowDescriptors | null = null;

/** Throws COMMAND_FAILED, with what to install, when the library is not there. */
export const loadLibnftables = (): void => void calls();

function calls(): Calls {
  if (loaded) return loaded;
  const library = open();
  const func = <F>(declaration: string) => library.func(declaration) as unknown as F;
  loaded = {
    create: func("void *nft_ctx_new(uint32_t flags)"),
    free: func("void nft_ctx_free(void *context)"),
    run: func("int nft_run_cmd_from_buffer(void *context, str script)"),
    bufferOutput: func("int nft_ctx_buffer_output(void *context)"),
    bufferError: func("int nft_ctx_buffer_error(void *context)"),
    output: func("str nft_ctx_get_output_buffer(void *context)"),
    error: func("str nft_ctx_get_error_buffer(void *context)"),
    setOutputFlags: func("void nft_ctx_output_set_flags(void *context, uint flags)"),
  };
  return loaded;
}

function open(): ForeignLibrary {
  try {
    return openLibrary(SONAME);
  } catch (error) {
    throw new AppError("COMMAND_FAILED", MISSING_LIBNFTABLES, { cause: error });
  }
}

/** `json`: rules without counts, for comparing. `counts`: the same with them. `text`: as `nft` prints it for people. */
const OUTPUT = { json: NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_STATELESS, counts: NFT_CTX_OUTPUT_JSON, text: 0 } as const;

/**
 * `nft` without a process: what it runs concerns the network namespace in which it was made, and this thread must be there
 * for each run. It keeps that namespace alive until it is freed. Freeing it right after a transaction that deleted something
 * waits until the kernel has let go of what was deleted (some 13 ms): free it a little later.
 */
export class NftContext {
  private readonly context: Context;

  constructor(output: keyof typeof OUTPUT = "json") {
    descriptors ??= new LowDescriptors(NFT_CONTEXTS_MAX, SELECT_MAX);
    descriptors.letOne();
    const context = calls().create(NFT_CTX_DEFAULT);
    if (context === null) {
      descriptors.takeBack();
      throw new AppError("KERNEL_REFUSED", "libnftables cannot reach the kernel: is the module nf_tables there?");
    }
    // Its socket would pass on to every program we start, and keep the namespace alive as long as that runs.
    keepDescriptorsToOurselves();
    this.context = context;
    calls().bufferOutput(context);
    calls().bufferError(context);
    calls().setOutputFlags(context, OUTPUT[output]);
  }

  /** One transaction, all or nothing. What it printed, or what it complained about. */
  run(script: string): NftAnswer {
    for (let tries = 1; ; tries++) {
      const answer = this.runOnce(script);
      // A signal for this thread, such as a child's end, makes the kernel give up a transaction (EINTR): nothing was done.
      if (answer.ok || tries === TRIES_MAX || !answer.error.includes(INTERRUPTED)) return answer;
    }
  }

  private runOnce(script: string): NftAnswer {
    const { run, output, error } = calls();
    const ok = run(this.context, script) === 0;
    // Both buffers begin anew when they are read.
    const printed = output(this.context);
    const complaint = error(this.context);
    return ok ? { ok, output: printed } : { ok, error: complaint };
  }

  /** Must be called once, and nothing after it. */
  free(): void {
    calls().free(this.context);
    descriptors?.takeBack();
  }
}
