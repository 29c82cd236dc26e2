"""Code that JavaScript and TypeScript share: Node.js and the runner of judged programs."""
