"""Code that several languages share: judging C and C++, judging with Node.js, and prepared toolchains."""
