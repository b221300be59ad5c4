/** Whether the user asked for less motion, in the system or in the editor (which sets a class on the body). */
export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion');
}
