export type PictureTheme = "light" | "dark";

export type Colour =
  | "canvas" | "surface" | "raised" | "line" | "line-strong" | "text" | "muted" | "accent" | "accent-soft" | "busy" | "bad"
  | "public" | "public-soft" | "public-line" | "private" | "private-soft" | "private-line";
export type Palette = Readonly<Record<Colour, string>>;

/** The page's colours for a picture that stands alone; a test holds them to those of globals.css. */
export const PALETTES: Readonly<Record<PictureTheme, Palette>> = {
  light: {
    canvas: "#f3f4f7", surface: "#ffffff", raised: "#f4f5f8", line: "#e0e3ea", "line-strong": "#b3bac7", text: "#14171d", muted: "#555d6b",
    accent: "#3b4bd1", "accent-soft": "#eceefc", public: "#0a6a62", "public-soft": "#eaf6f4", "public-line": "#8cc9c0", private: "#6537bd",
    "private-soft": "#f3effc", "private-line": "#bda6f0", busy: "#2a4b9c", bad: "#cc254d",
  },
  dark: {
    canvas: "#0d0f13", surface: "#15181e", raised: "#1d2129", line: "#2a2f39", "line-strong": "#4b5362", text: "#e9ebef", muted: "#a2aab8",
    accent: "#929eff", "accent-soft": "#22263f", public: "#4fcbbc", "public-soft": "#10211f", "public-line": "#22655d", private: "#bda4ff",
    "private-soft": "#1c182a", "private-line": "#4d3c86", busy: "#70bbfd", bad: "#fe8f91",
  },
};
