#lang racket/base
;; Runs a program, and ends with a status above 2 where it crashes: those are not what a checker says.
(define arguments (current-command-line-arguments))
(define program (path->complete-path (vector-ref arguments 0)))

(define (crashed problem)
  ((error-display-handler) (if (exn? problem) (exn-message problem) (format "raised: ~e" problem)) problem)
  (exit 3))

(current-command-line-arguments (apply vector-immutable (cdr (vector->list arguments))))
(with-handlers ([(lambda (_) #t) crashed])
  (dynamic-require program #f)
  (define main `(submod ,program main))
  (when (module-declared? main #t) (dynamic-require main #f)))
