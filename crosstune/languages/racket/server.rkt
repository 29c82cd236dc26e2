#lang racket/base
;; The candidate's process: loads the candidate, then calls its functions as it is asked; see docs/values.md. Nothing here
;; needs protection from the candidate: all that it can change is what it answers. Like runner.rkt, the process is forked
;; where it opens the file that is its argument.
(require racket/set "candidate.rkt")

(define deepest 200)
(define most-bytes (arithmetic-shift 16 20))

;; Reads the values of a question.
(define at 0)
(define (take question count)
  (set! at (+ at count))
  (subbytes question (- at count) at))
(define (count-of question) (integer-bytes->integer (take question 4) #f #t))
(define (text-of question) (bytes->string/utf-8 (take question (count-of question)) #\?))
(define (items-of question) (for/list ([_ (in-range (count-of question))]) (value-of question)))
(define (entries-of question)
  (for/hash ([_ (in-range (count-of question))])
    (define key (value-of question))
    (values key (value-of question))))

(define (value-of question)
  (case (integer->char (bytes-ref (take question 1) 0))
    [(#\N #\U #\F) #f]
    [(#\T) #t]
    [(#\i) (integer-bytes->integer (take question 8) #t #t)]
    [(#\I) (large (take question (count-of question)))]
    [(#\d) (floating-point-bytes->real (take question 8) #t)]
    [(#\c) (integer->char (count-of question))]
    [(#\s) (text-of question)]
    [(#\b) (take question (count-of question))]
    [(#\l #\t) (items-of question)]
    [(#\S) (list->set (items-of question))]
    [(#\m) (entries-of question)]
    [else (error "an unknown tag")]))

(define (large data)
  (define whole (for/fold ([whole 0]) ([byte (in-bytes data)]) (+ (* 256 whole) byte)))
  (if (< (bytes-ref data 0) 128) whole (- whole (expt 256 (bytes-length data)))))

;; Writes values.
(struct unsendable ())
(define (write-count count out) (write-bytes (integer->integer-bytes count 4 #f #t) out))
(define (write-data data out)
  (write-count (bytes-length data) out)
  (write-bytes data out))
(define (write-text text out) (write-data (string->bytes/utf-8 text) out))

(define (write-value value out depth)
  (when (or (> depth deepest) (> (file-position out) most-bytes)) (raise (unsendable)))
  (define (each values) (for ([value values]) (write-value value out (add1 depth))))
  (define (sized tag count values)
    (write-string tag out)
    (write-count count out)
    (each values))
  (cond
    [(void? value) (write-string "N" out)]
    [(boolean? value) (write-string (if value "T" "F") out)]
    [(number? value) (write-number value out)]
    [(string? value) (write-string "s" out) (write-text value out)]
    [(char? value) (write-string "c" out) (write-count (char->integer value) out)]
    [(bytes? value) (write-string "b" out) (write-data value out)]
    [(list? value) (sized "l" (length value) value)]
    [(pair? value) (sized "t" 2 (list (car value) (cdr value)))]
    [(vector? value) (sized "l" (vector-length value) value)]
    [(hash? value) (sized "m" (hash-count value) (for*/list ([(key item) value] [part (list key item)]) part))]
    [(generic-set? value) (sized "S" (set-count value) (set->list value))]
    [(and (struct? value) (fields-of value)) => (lambda (fields) (write-record fields out depth))]
    [else (write-other value out)]))

(define (write-number value out)
  (cond
    [(and (exact-integer? value) (<= (integer-length value) 63))
     (write-string "i" out)
     (write-bytes (integer->integer-bytes value 8 #t #t) out)]
    [(exact-integer? value) (write-string "I" out) (write-data (large-bytes value) out)]
    [(flonum? value) (write-string "d" out) (write-bytes (real->floating-point-bytes value 8 #t) out)]
    [(real? value) (write-made "Fraction" (list (numerator value) (denominator value)) out)]
    [else (write-made "complex" (map exact->inexact (list (real-part value) (imag-part value))) out)]))

(define (write-made name parts out)
  (write-string "K" out)
  (write-text name out)
  (write-string "t" out)
  (write-count 2 out)
  (for ([part parts]) (write-number part out)))

(define (large-bytes value)
  (define size (add1 (quotient (integer-length value) 8)))
  (define text (number->string (if (negative? value) (+ value (expt 256 size)) value) 16))
  (define digits (string-append (make-string (- (* 2 size) (string-length text)) #\0) text))
  (define data (make-bytes size))
  (for ([place (in-range size)])
    (bytes-set! data place (string->number (substring digits (* 2 place) (+ 2 (* 2 place))) 16)))
  data)

;; The name and the fields of a structure that shows all of them; false for any other.
(define (fields-of value)
  (define parts (vector->list (struct->vector value '|...|)))
  (and (not (memq '|...| (cdr parts))) parts))

(define (write-record fields out depth)
  (write-string "r" out)
  (write-text (type-name (car fields)) out)
  (write-count (length (cdr fields)) out)
  (for ([field (cdr fields)] [number (in-naturals 1)])
    (write-text (number->string number) out)
    (write-value field out (add1 depth))))

(define (write-other value out)
  (write-string "o" out)
  (write-text (if (struct? value) (type-name (vector-ref (struct->vector value) 0)) "object") out))

(define (encoded value)
  (define out (open-output-bytes))
  (with-handlers ([unsendable? (lambda (_) (encoded-other value out))] [exn:fail? (lambda (_) (encoded-other value out))])
    (write-value value out 1)
    (get-output-bytes out)))

;; A value that is too deep is none that could be right; one that is too long ends the process in `send`.
(define (encoded-other value out)
  (if (> (file-position out) most-bytes) (get-output-bytes out) #"o\0\0\0\5value"))

(define (outcome function arguments)
  (define out (open-output-bytes))
  (define (text-of-failure kind message)
    (write-string "E" out)
    (write-text kind out)
    (write-text message out)
    (write-text "" out))
  (define (failed problem)
    (if (exn? problem)
        (text-of-failure (kind-of problem) (exn-message problem))
        (text-of-failure "raise" (format "~e" problem))))
  (with-handlers ([(lambda (problem) (not (exn:break? problem))) failed])
    (define results (call-with-values (lambda () (apply (function) arguments)) list))
    (write-string "R" out)
    (cond
      [(= (length results) 1) (write-bytes (encoded (car results)) out)]
      [else (write-string "t" out)
            (write-count (length results) out)
            (for ([result results]) (write-bytes (encoded result) out))]))
  (get-output-bytes out))

;; The name of the structure that an error is.
(define (kind-of problem) (type-name (vector-ref (struct->vector problem) 0)))
(define (type-name name) (substring (symbol->string name) 7)) ; without struct:

(define (answer question space)
  (set! at 0)
  (unless (equal? (take question 1) #"C") (error "only functions are called"))
  (define name (string->symbol (text-of question)))
  (take question 1)
  (define arguments (items-of question))
  (define before (map encoded arguments))
  (define (function)
    (namespace-variable-value name #t (lambda () (error (format "the candidate has no function ~a" name))) space))
  (define head (outcome function arguments))
  (define changed
    (for/list ([argument arguments] [place (in-naturals)] [old before]
               #:unless (equal? old (encoded argument)))
      (cons place (encoded argument))))
  (define out (open-output-bytes))
  (write-bytes head out)
  (write-count (length changed) out)
  (for ([change changed])
    (write-count (car change) out)
    (write-bytes (cdr change) out))
  (write-text "" out)
  (write-text "" out)
  (get-output-bytes out))

(define (send data out)
  (write-count (bytes-length data) out)
  (cond
    [(> (bytes-length data) most-bytes) ; the judge reads no more of it
     (flush-output out)
     (exit 1)]
    [else (write-bytes data out)
          (flush-output out)]))

(define (talk space in out)
  (send #"H\1" out)
  (let loop ()
    (define size (read-bytes 4 in))
    (when (bytes? size)
      (send (answer (read-bytes (integer-bytes->integer size #f #t) in) space) out)
      (loop)))
  (exit 0))

(define ((refused status) problem)
  ((error-display-handler) (if (exn? problem) (exn-message problem) (format "raised: ~e" problem)) problem)
  (call-with-output-file "/dev/fd/4" #:exists 'append (lambda (out) (write-string (string-append "failed " status) out)))
  (exit 1))

(define (serve)
  (define candidate (bytes->string/utf-8 (payload-text) #\?))
  (payload-text)
  (close-payload 3)
  (current-namespace programs)
  (define compiled
    (with-handlers ([(lambda (_) #t) (refused "compile_error")]) (compiled-module candidate)))
  (define space
    (with-handlers ([(lambda (_) #t) (refused "runtime_error")]) (loaded compiled)))
  (current-namespace space)
  (define in (open-input-file "/dev/fd/5"))
  (define out (open-output-file "/dev/fd/6" #:exists 'append))
  (talk space in out))

(prepare)
(close-input-port (open-input-file (vector-ref (current-command-line-arguments) 0)))
(serve)
