#lang racket/base
;; Judges a candidate in Racket inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`. The process is forked
;; where it opens the file that is its argument, when it has loaded what programs usually need.
(require (except-in racket ->) rackunit (only-in rackunit/log test-log) (only-in ffi/unsafe get-ffi-obj _fun _int _void ->) "candidate.rkt")

(define (forms-of text)
  (define port (open-input-string (regexp-replace* #px"(?m:^#lang .*$)" text "")))
  (port-count-lines! port)
  (parameterize ([read-accept-reader #t])
    (for/list ([form (in-port (lambda (in) (read-syntax 'tests in)) port)]) form)))

;; The forms of a submodule `test` or `main` run like the others.
(define (evaluate form)
  (define parts (syntax->list form))
  (if (and parts (pair? parts) (eq? (syntax-e (car parts)) 'module+))
      (for-each evaluate (cddr parts))
      (eval (namespace-syntax-introduce form))))

(define (number-of text base value)
  (for/fold ([number 0]) ([byte text]) (+ (* number base) (value byte))))

;; Its digits are in no text that remains.
(define (payload-number)
  (define text (payload-text))
  (define number (number-of text 16 (lambda (byte) (- byte (if (< byte 58) 48 87)))))
  (bytes-fill! text 0)
  number)

(define (status-of problem)
  (cond [(exn:test:check? problem) "wrong_answer"]
        [(regexp-match? #rx"[Nn]o space left|errno=28|errno=27" (if (exn? problem) (exn-message problem) "")) "disk_limit"]
        [(exn:break? problem) "incomplete"]
        [else "runtime_error"]))

(define (show problem)
  ((error-display-handler) (if (exn? problem) (exn-message problem) (format "raised: ~e" problem)) problem))

(define end-process (get-ffi-obj "_exit" #f (_fun _int -> _void)))
(define printed (current-output-port))
(define (leave status)
  (flush-output printed)
  (end-process status))
(define usual-around (current-check-around))

;; Macros lift definitions out of tests, with names that are counted, as in the candidate: go on where it has ended.
(define (count-on)
  (define highest
    (for*/fold ([highest 0]) ([name (namespace-mapped-symbols)]
                              [lifted (in-value (regexp-match #px"^lifted/([0-9]+)" (symbol->string name)))] #:when lifted)
      (max highest (string->number (cadr lifted)))))
  (unless (zero? highest)
    (expand (namespace-syntax-introduce (datum->syntax #f `(,#'lambda ,(for/list ([_ highest]) (gensym)) 0))))))

;; The forms of tests whose meaning only they may change.
(define checks
  (let-values ([(values syntaxes) (begin (dynamic-require 'rackunit #f) (module->exports 'rackunit))])
    (for*/list ([level (append values syntaxes)] [export (cdr level)]) (car export))))
(define (meanings)
  (for/list ([name checks])
    (define binding (identifier-binding (namespace-symbol->identifier name)))
    (and (pair? binding) (cons (cadr binding) (resolved-module-path-name (module-path-index-resolve (car binding)))))))
(define (may-change-checks? form)
  (define words (flatten (syntax->datum form)))
  (and (pair? words)
       (or (memq (car words) '(require begin module+))
           (and (pair? (cdr words)) (memq (cadr words) checks)))))

(define (judge)
  (define mask (number-of (call-with-input-file "/dev/urandom" (lambda (in) (read-bytes 16 in))) 256 values))
  (define masked (bitwise-xor (payload-number) mask))
  (define candidate (bytes->string/utf-8 (payload-text) #\?))
  (define tests (bytes->string/utf-8 (payload-text) #\?))
  (close-payload 3)
  (define (report text)
    (call-with-output-file "/dev/fd/4" #:exists 'append (lambda (out) (write-string text out))))
  (define (fail status)
    (report (string-append "failed " status))
    (leave 1))
  (define failure #f)
  (define ((failing status) problem)
    (unless failure (set! failure (or status (status-of problem))))
    (show problem)
    (fail failure))
  ;; Contracts wrap these handlers anew each time: so they are tried, not compared.
  (define probe (exn:fail "probe" (current-continuation-marks)))
  (define probed 0)
  (define (probe!) (set! probed (add1 probed)))
  (define (failed-check problem) (if (eq? problem probe) (probe!) (note problem)))
  (define (note problem)
    (unless failure (set! failure (status-of problem)))
    (show problem))
  ;; A test case shows what fails in it, and goes on.
  (define (case-around thunk)
    (cond [(eq? thunk probe!) (probe!)]
          [else (with-handlers ([(lambda (_) #t) note])
                  (parameterize ([current-custodian (make-custodian)]) (thunk)))]))
  (define (judge-form form)
    (define before (meanings))
    (in-own-way #:in space (lambda () (evaluate form)))
    (unless (or (equal? before (meanings)) (may-change-checks? form)) (fail "wrong_answer")))
  (current-namespace programs)
  (random-seed (modulo mask 2147483647))
  (define compiled
    (with-handlers ([(lambda (_) #t) (failing "compile_error")]) (compiled-module candidate)))
  (define space
    (with-handlers ([(lambda (_) #t) (failing #f)]) (in-own-way (lambda () (loaded compiled)))))
  (current-namespace space)
  (current-check-handler failed-check)
  (current-check-around usual-around)
  (current-test-case-around case-around)
  (define failed-before (car (test-log)))
  (exit-handler (lambda (status) (leave status)))
  (with-handlers ([(lambda (_) #t) (failing "wrong_answer")])
    (when (or (regexp-match? #rx"rackunit" candidate) (regexp-match? #rx"[(]check-|rackunit" tests))
      (eval '(require rackunit))))
  (count-on)
  (define forms (with-handlers ([(lambda (_) #t) (failing "wrong_answer")]) (forms-of tests)))
  (with-handlers ([(lambda (_) #t) (failing #f)]) (for-each judge-form forms))
  ((current-check-handler) probe)
  ((current-check-around) probe!)
  ((current-test-case-around) probe!)
  (when failure (fail failure))
  (unless (and (= probed 3) (= failed-before (car (test-log)))) (fail "wrong_answer"))
  (report (format "passed ~a" (let ([text (number->string (bitwise-xor masked mask) 16)])
                                (string-append (make-string (- 32 (string-length text)) #\0) text))))
  (leave 0))

(prepare)
(close-input-port (open-input-file (vector-ref (current-command-line-arguments) 0)))
(judge)
