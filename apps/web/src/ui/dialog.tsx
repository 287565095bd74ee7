import { AlertDialog, Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button";

const OVERLAY = "fixed inset-0 z-40 bg-shade";
const BOX = "fixed top-1/2 left-1/2 z-50 -translate-x-1/2 -translate-y-1/2 rounded-box border border-line bg-surface p-5 shadow-lifted outline-none";

const NARROW = "w-[min(480px,calc(100vw-32px))]";
const WIDE = "w-[min(720px,calc(100vw-32px))]";

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string | undefined;
  /** For commands, which do not break. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** For input that needs a moment of its own. Esc and a click outside close it. */
export function Dialog({ open, onClose, title, description, wide, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className={OVERLAY} />
        <Radix.Content className={`${BOX} ${wide ? WIDE : NARROW}`} {...(description ? {} : { "aria-describedby": undefined })}>
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          {description ? <Radix.Description className="mt-1 text-sm text-muted">{description}</Radix.Description> : null}
          <div className="mt-4">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly title: string;
  /** Names what will go and how many. */
  readonly children: ReactNode;
  readonly action: string;
}

/** Before something that cannot be undone. The safe answer has the focus. */
export function ConfirmDialog({ open, onClose, onConfirm, title, children, action }: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={OVERLAY} />
        <AlertDialog.Content className={`${BOX} ${NARROW}`}>
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 text-sm text-muted">{children}</div>
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild><Button>Cancel</Button></AlertDialog.Cancel>
            <AlertDialog.Action asChild><Button look="danger" onClick={onConfirm}>{action}</Button></AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
