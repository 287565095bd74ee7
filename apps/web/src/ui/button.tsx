import clsx from "clsx";
import type { ButtonHTMLAttributes, Ref } from "react";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "plain" | "quiet" | "danger";
  readonly size?: "md" | "sm";
  readonly ref?: Ref<HTMLButtonElement>;
}

const LOOKS = {
  primary: "bg-accent text-on-accent border-transparent hover:opacity-90 font-medium",
  plain: "bg-surface text-text border-line hover:bg-raised hover:border-line-strong",
  quiet: "bg-transparent text-text border-transparent hover:bg-raised",
  danger: "bg-surface text-bad border-line hover:bg-bad-soft hover:border-bad",
} as const;

/** A button with words on it. Disabled ones stay readable and say why by their title. */
export function Button({ look = "plain", size = "md", className, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={clsx(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-box border whitespace-nowrap transition-colors duration-100",
        "disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50",
        size === "md" ? "h-8 px-3 text-sm" : "h-7 px-2 text-xs",
        LOOKS[look], className,
      )}
      {...rest}
    />
  );
}
