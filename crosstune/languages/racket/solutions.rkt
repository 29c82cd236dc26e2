; HumanEval/10 helper
(define (is-palindrome str)
  (equal? (string->list str) (reverse (string->list str))))

; HumanEval/32 helper
(define (poly xs x)
  (for/sum ([coefficient xs] [i (in-naturals)])
    (* coefficient (expt x i))))

; HumanEval/38 helper
(define (encode-cyclic s)
  (define size (string-length s))
  (string-append*
   (for/list ([i (in-range 0 size 3)])
     (define group (substring s i (min size (+ i 3))))
     (if (= (string-length group) 3)
         (string-append (substring group 1) (substring group 0 1))
         group))))

; HumanEval/50 helper
(define (encode-shift s)
  (list->string
   (for/list ([c s])
     (integer->char (+ 97 (modulo (- (+ (char->integer c) 5) 97) 26))))))

; HumanEval/32 tests
(define (value-at xs x) (for/sum ([coefficient xs] [i (in-naturals)]) (* coefficient (expt x i))))
(unless (< (abs (value-at ARGUMENTS CALL)) TOLERANCE) (error "no root"))

; HumanEval/0
  (for/or ([(a i) (in-indexed numbers)])
    (for/or ([b (drop numbers (add1 i))])
      (< (abs (- a b)) threshold)))

; HumanEval/2
  (- number (floor number))

; HumanEval/8
  (list (apply + numbers) (apply * numbers))

; HumanEval/10
  (define at (for/first ([i (in-range (add1 (string-length str)))] #:when (is-palindrome (substring str i))) i))
  (string-append str (list->string (reverse (string->list (substring str 0 at)))))

; HumanEval/12
  (and (pair? strings) (argmax string-length strings))

; HumanEval/22
  (filter exact-integer? vals)

; HumanEval/32
  (let widen ([low -1.0] [high 1.0])
    (if (> (* (poly xs low) (poly xs high)) 0)
        (widen (* 2 low) (* 2 high))
        (let halve ([low low] [high high])
          (define middle (/ (+ low high) 2))
          (cond
            [(or (< (- high low) 1e-12) (= middle low) (= middle high)) low]
            [(> (* (poly xs middle) (poly xs low)) 0) (halve middle high)]
            [else (halve low middle)]))))

; HumanEval/38
  (encode-cyclic (encode-cyclic s))

; HumanEval/50
  (list->string
   (for/list ([c s])
     (integer->char (+ 97 (modulo (- (char->integer c) 5 97) 26)))))

; HumanEval/53
  (+ x y)

; HumanEval/87
  (for*/list ([(row i) (in-indexed lst)]
              [j (in-range (sub1 (length row)) -1 -1)]
              #:when (= (list-ref row j) x))
    (list i j))

; HumanEval/90
  (define distinct (sort (remove-duplicates lst) <))
  (and (> (length distinct) 1) (second distinct))

; HumanEval/95
  (define keys (hash-keys dict))
  (and (pair? keys)
       (andmap string? keys)
       (or (andmap (lambda (key) (regexp-match? #px"^[a-z]+$" key)) keys)
           (andmap (lambda (key) (regexp-match? #px"^[A-Z]+$" key)) keys)))

; HumanEval/103
  (if (> n m)
      -1
      (string-append "0b" (number->string (round (/ (+ n m) 2)) 2)))

; HumanEval/107
  (define found
    (for/list ([i (in-range 1 (add1 n))]
               #:when (equal? (string->list (number->string i)) (reverse (string->list (number->string i)))))
      i))
  (list (count even? found) (count odd? found))

; HumanEval/111
  (define counts
    (for/fold ([counts (hash)]) ([letter (string-split test)])
      (hash-update counts letter add1 0)))
  (define most (apply max 0 (hash-values counts)))
  (for/hash ([(letter count) counts] #:when (= count most))
    (values letter count))

; HumanEval/112
  (define kept (filter (lambda (each) (not (memv each (string->list c)))) (string->list s)))
  (list (list->string kept) (equal? kept (reverse kept)))

; HumanEval/125
  (cond
    [(string-contains? txt " ") (string-split txt)]
    [(string-contains? txt ",") (string-split txt ",")]
    [else (for/sum ([c txt]) (if (and (char-lower-case? c) (odd? (- (char->integer c) 97))) 1 0))])

; HumanEval/128
  (and (pair? arr)
       (* (apply + (map abs arr))
          (for/product ([x arr]) (sgn x))))

; HumanEval/136
  (define (furthest pick numbers) (and (pair? numbers) (apply pick numbers)))
  (list (furthest max (filter negative? lst)) (furthest min (filter positive? lst)))

; HumanEval/139
  (for/product ([i (in-range 1 (add1 n))])
    (for/product ([j (in-range 1 (add1 i))]) j))

; HumanEval/155
  (define digits (for/list ([c (number->string (abs num))]) (string->number (string c))))
  (list (count even? digits) (count odd? digits))
