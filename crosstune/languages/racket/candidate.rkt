#lang racket/base
;; How a candidate becomes a module, and how the payload is read: what runner.rkt and server.rkt share.
(require rackunit (only-in racket/port open-output-nowhere) (only-in ffi/unsafe get-ffi-obj _fun _int _intptr _pointer ->))
(provide programs prepare compiled-module loaded in-own-way close-payload payload-bytes payload-text)

(define-namespace-anchor here)
(define programs (namespace-anchor->empty-namespace here))
(define warm-up
  "#lang racket\n(require rackunit)\n(struct p (x))\n(define (f x #:k [k 1]) (for/list ([y x]) (match y [(list a _ ...) (+ a k)] [else (let loop ([n 1]) (cond [(> n 2) n] [else (loop (add1 n))]))])))\n(check-equal? (f '((1))) '(2))\n")

;; Loads what programs usually need, once.
(define (prepare)
  (parameterize ([current-namespace programs] [current-output-port (open-output-nowhere)] [current-module-declare-name #f])
    (namespace-require ''#%kernel)
    (eval '(#%require racket rackunit))
    (void (loaded (compiled-module warm-up)))))

;; Prompt and answer may both name the language.
(define (in-one-language text)
  (define named (regexp-match #px"^(?:\\s|;[^\n]*\n)*#(?:lang|!)[^\n]*" text))
  (define first-line (if named (car named) "#lang racket"))
  (define others (if named (substring text (string-length first-line)) (string-append "\n" text)))
  (string-append first-line (regexp-replace* #px"(?m:^#lang[^\n]*$)" others "")))

(define (module-of text)
  (parameterize ([read-accept-reader #t] [read-accept-lang #t] [port-count-lines-enabled #t])
    (define port (open-input-string (in-one-language text)))
    (define read-form (lambda () (read-syntax 'candidate port)))
    (define form (read-form))
    (unless (eof-object? (read-form)) (error "more than one module"))
    form))

;; The namespace of the candidate's module, once it has run.
(define (loaded compiled)
  (parameterize ([current-module-declare-name (make-resolved-module-path 'candidate)]) (eval compiled))
  (dynamic-require ''candidate #f)
  (module->namespace ''candidate))

(define (compiled-module text)
  (define form (module-of text))
  (parameterize ([current-module-declare-name (make-resolved-module-path 'candidate)])
    (compile (namespace-syntax-introduce form))))

;; What a program sets to have its own way with later forms lasts no longer than the form in which it sets it.
(define (in-own-way thunk #:in [space (current-namespace)])
  (parameterize ([current-namespace space]
                 [current-eval (current-eval)]
                 [current-compile (current-compile)]
                 [current-load (current-load)]
                 [current-load/use-compiled (current-load/use-compiled)]
                 [current-module-name-resolver (current-module-name-resolver)]
                 [current-readtable #f]
                 [current-reader-guard (current-reader-guard)]
                 [read-accept-compiled #f])
    (thunk)))

(define close-payload (get-ffi-obj "close" #f (_fun _int -> _int)))
(define read-some (get-ffi-obj "read" #f (_fun _int _pointer _intptr -> _intptr)))

;; The next bytes of the payload, in no buffer but their own.
(define (payload-bytes size)
  (define text (make-bytes size))
  (define part (make-bytes (min size 65536)))
  (let loop ([done 0])
    (when (< done size)
      (define got (read-some 3 part (min (bytes-length part) (- size done))))
      (unless (> got 0) (error "no payload"))
      (bytes-copy! text done part 0 got)
      (bytes-fill! part 0)
      (loop (+ done got))))
  text)

(define (payload-text)
  (let loop ([size 0])
    (define digit (- (bytes-ref (payload-bytes 1) 0) 48))
    (if (>= digit 0) (loop (+ (* 10 size) digit)) (payload-bytes size))))
